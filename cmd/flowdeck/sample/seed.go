package sample

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/connectors"
	"flowdeck/flows"
	"flowdeck/flows/store"
)

// setting remembers that the sample flow was added once, so that whoever deletes
// it is not given it again.
const setting = "sample_flow"

const by = "Sample"

// Seeder adds the sample flow to a store.
type Seeder struct {
	Store *store.Store
	Vault *connectors.Vault
	Addr  string // where the service listens: "127.0.0.1:8181"
	Key   []byte // the master key; the flow's client token is made from it, so that it can be shown at every start
}

func seconds(n int) flows.Duration { return flows.Duration{Duration: time.Duration(n) * time.Second} }

// ClientToken opens the sample flow's endpoint.
func (s Seeder) ClientToken() string {
	mac := hmac.New(sha256.New, s.Key)
	mac.Write([]byte("flowdeck sample client token"))
	return "fd_" + hex.EncodeToString(mac.Sum(nil))[:40]
}

// Once adds the sample flow unless it was added before, and reports whether its
// endpoint answers under Alias to ClientToken.
func (s Seeder) Once(ctx context.Context) (there bool, err error) {
	id, err := s.Store.Setting(ctx, setting)
	if errors.Is(err, flows.ErrNotFound) {
		if id, err = s.Add(ctx); err != nil {
			return false, err
		}
	}
	if err != nil {
		return false, err
	}
	f, err := s.Store.Flow(ctx, id)
	if errors.Is(err, flows.ErrNotFound) {
		return false, nil
	}
	if err != nil || !f.On || f.Alias != Alias {
		return false, err
	}
	return s.opens(ctx, id)
}

// opens reports whether ClientToken opens the sample flow. One made from an earlier
// master key is replaced; one that a person made stays.
func (s Seeder) opens(ctx context.Context, flowID string) (bool, error) {
	tokens, err := s.Store.Tokens(ctx, flowID)
	if err != nil || len(tokens) == 0 || tokens[0].By != by {
		return false, err
	}
	hash, hint := s.token()
	if tokens[0].Hash == hash {
		return true, nil
	}
	return true, s.Store.SetToken(ctx, flowID, hash, hint, by)
}

func (s Seeder) token() (hash, hint string) {
	token := s.ClientToken()
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:]), "…" + token[len(token)-4:]
}

// Add adds the sample flow, published and on, with its connection and its client
// token, and returns the flow's id. What is there of it already is used.
func (s Seeder) Add(ctx context.Context) (flowID string, err error) {
	connection, err := s.connection(ctx)
	if err != nil {
		return "", fmt.Errorf("add the sample connection: %w", err)
	}
	if flowID, err = s.flow(ctx, connection); err != nil {
		return "", fmt.Errorf("add the sample flow: %w", err)
	}
	if err := s.Store.SetSetting(ctx, setting, flowID); err != nil {
		return "", err
	}
	return flowID, nil
}

func (s Seeder) connection(ctx context.Context) (id string, err error) {
	const name = "Sample service · Basic · " + Username
	known, err := s.Store.Connections(ctx)
	if err != nil {
		return "", err
	}
	for _, c := range known {
		if c.Name == name {
			return c.ID, nil
		}
	}
	now := time.Now()
	c := connectors.Connection{ID: store.NewID("c_"), Name: name, Description: "Signs in to the sample service that runs beside Flowdeck.", Type: "basic",
		Hosts: []string{s.Addr}, TestURL: "http://" + s.Addr + "/customers", Settings: schema.Values{"username": Username}, State: connectors.Untested,
		Created: now, Updated: now, UpdatedBy: by}
	secrets := connectors.Secrets{Settings: schema.Values{"username": Username, "password": Password}}
	if err := s.Vault.Seal(&c, secrets); err != nil {
		return "", err
	}
	return c.ID, s.Store.CreateConnection(ctx, c)
}

func (s Seeder) flow(ctx context.Context, connection string) (id string, err error) {
	doc := document("http://"+s.Addr, connection)
	now := time.Now()
	f := flows.Flow{ID: store.NewID("f_"), Name: "Sample: customer lookup", Description: "Looks a customer up, opens a ticket when they are on the gold plan, and answers.",
		Labels: []string{"sample"}, Alias: Alias, Draft: doc, Created: now, Updated: now, UpdatedBy: by}
	if err := s.Store.CreateFlow(ctx, f); errors.Is(err, flows.ErrTaken) {
		found, err := s.Store.FlowByAlias(ctx, Alias)
		return found.FlowID, err
	} else if err != nil {
		return "", err
	}
	stored, err := s.Store.Flow(ctx, f.ID)
	if err != nil {
		return "", err
	}
	if _, err := s.Store.Publish(ctx, f.ID, stored.Revision, doc, "First version", by); err != nil {
		return "", err
	}
	if err := s.Store.UpdateFlow(ctx, f.ID, func(x *flows.Flow) error { x.On = true; return nil }); err != nil {
		return "", err
	}
	hash, hint := s.token()
	return f.ID, s.Store.SetToken(ctx, f.ID, hash, hint, by)
}
