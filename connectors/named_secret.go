package connectors

import "flowdeck/cards/schema"

// namedSecretType stands where the type of a connection does, so that neither can take
// the place of the other.
const namedSecretType = "named secret"

// NamedSecret is a secret that flows mention by name, sealed as connections are and bound
// to its environment and name.
type NamedSecret struct {
	Env, Name string
	Sealed    []byte
	Key       []byte // the data key, wrapped by the master key
}

func (n NamedSecret) row() Connection {
	return Connection{ID: n.Env + "/" + n.Name, Type: namedSecretType, Sealed: n.Sealed, Key: n.Key}
}

// SealSecret seals text under a data key of its own.
func (v *Vault) SealSecret(env, name, text string) (NamedSecret, error) {
	n := NamedSecret{Env: env, Name: name}
	row := n.row()
	err := v.Seal(&row, Secrets{Settings: schema.Values{"text": text}})
	n.Sealed, n.Key = row.Sealed, row.Key
	return n, err
}

// OpenSecret returns what n seals; ErrSealed when it cannot.
func (v *Vault) OpenSecret(n NamedSecret) (string, error) {
	s, err := v.Open(n.row())
	text, _ := s.Settings["text"].(string)
	return text, err
}

// RewrapSecret wraps n's data key with the current master key and reports whether another one had.
func (v *Vault) RewrapSecret(n *NamedSecret) (bool, error) {
	row := n.row()
	changed, err := v.Rewrap(&row)
	n.Key = row.Key
	return changed, err
}
