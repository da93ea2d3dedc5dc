package connectors

import (
	"errors"
	"time"

	"flowdeck/cards/schema"
)

// Network is how a connection reaches its service: how often, for how long and
// with which certificates. All of it is optional.
type Network struct {
	Rate        float64         `json:"rate" label:"Requests per second" min:"0.001" max:"10000" placeholder:"10" form:"fixed" help:"Shared by all flows. 0.5 is one every two seconds."`
	Concurrency int             `json:"concurrency" label:"Requests at a time" min:"1" max:"1000" placeholder:"4" form:"fixed" help:"Shared by all flows."`
	Queue       int             `json:"queue" label:"How many may wait" min:"0" max:"10000" default:"1000" placeholder:"1000" form:"fixed" help:"More than that fail at once."`
	QueueWait   schema.Duration `json:"queue_wait" label:"How long they may wait" default:"30s" placeholder:"30s" form:"fixed" help:"For their turn, and when the service asks for a pause."`
	Timeout     schema.Duration `json:"timeout" placeholder:"30s" form:"fixed" help:"For cards that name none, such as 10s or 2m."`
	MinTLS      string          `json:"min_tls" label:"Oldest TLS version" options:"1.2=TLS 1.2|1.3=TLS 1.3" default:"1.2" form:"fixed"`
	ServerName  string          `json:"server_name" label:"Server name" placeholder:"api.example.com" form:"fixed" help:"The name that the server's certificate must be made out to, when it is not the host's."`
	ClientCert  string          `json:"client_cert" label:"Client certificate" format:"multiline" placeholder:"-----BEGIN CERTIFICATE-----" form:"fixed" help:"PEM, with the certificates in between if there are any."`
	ClientKey   string          `json:"client_key" label:"Client key" format:"multiline" form:"secret,fixed" help:"PEM, without a passphrase."`
	CA          string          `json:"ca" label:"Own certificate authority" format:"multiline" placeholder:"-----BEGIN CERTIFICATE-----" form:"fixed" help:"PEM. Trusted beside the public ones, by this connection only."`
}

var networkForm = schema.Of[Network]()

// NetworkForm is the form of every connection's network settings.
func NetworkForm() schema.Form { return networkForm }

// networkPrefix stands before the names of network fields in Problems and Facts.
const networkPrefix = "network."

// networkOf reads settings. The error is schema.Problems, with the form's own names.
func networkOf(settings schema.Values) (n Network, err error) {
	return n, networkForm.Decode(settings, &n)
}

// changeNetwork is the network settings that c has after filled was filled in, its
// secrets included. nil leaves all as it is.
func changeNetwork(c *Connection, filled, old schema.Values, now time.Time) (schema.Values, schema.Problems) {
	if filled == nil {
		return old, nil
	}
	settings := keepSecrets(networkForm, filled, old)
	if blank(filled["client_cert"]) && blank(filled["client_key"]) {
		delete(settings, "client_key") // it belongs to the certificate that was taken away
	}
	n, err := networkOf(settings)
	var problems schema.Problems
	errors.As(err, &problems)
	problems = append(problems, n.check(now)...) // of what could be read
	for i := range problems {
		problems[i].Field = networkPrefix + problems[i].Field
	}
	c.Network = withoutSecrets(networkForm, settings)
	return settings, problems
}

func blank(v any) bool { return v == nil || v == "" }
