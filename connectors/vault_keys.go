package connectors

import "flowdeck/cards/schema"

// SealedKey is a private key of this server, sealed as connections are: with a data key
// of its own, bound to its id.
type SealedKey struct {
	ID     string
	Sealed []byte
	Key    []byte // the data key, wrapped by the master key
}

// signingKeyType stands where the type of a connection does, so that neither can take
// the place of the other.
const signingKeyType = "signing key"

func (k SealedKey) row() Connection {
	return Connection{ID: k.ID, Type: signingKeyType, Sealed: k.Sealed, Key: k.Key}
}

// SealKey seals a private key.
func (v *Vault) SealKey(id, secret string) (SealedKey, error) {
	row := SealedKey{ID: id}.row()
	err := v.Seal(&row, Secrets{Settings: schema.Values{"private": secret}})
	return SealedKey{id, row.Sealed, row.Key}, err
}

// OpenKey returns what k seals; ErrSealed when it cannot.
func (v *Vault) OpenKey(k SealedKey) (string, error) {
	s, err := v.Open(k.row())
	secret, _ := s.Settings["private"].(string)
	return secret, err
}

// RewrapKey wraps k's data key with the current master key and reports whether another one had.
func (v *Vault) RewrapKey(k *SealedKey) (bool, error) {
	row := k.row()
	changed, err := v.Rewrap(&row)
	k.Key = row.Key
	return changed, err
}
