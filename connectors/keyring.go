package connectors

import (
	"crypto/cipher"
	"crypto/sha256"
	"fmt"
)

// masterKey wraps data keys. Its id stands before what it wrapped, in the clear.
type masterKey struct {
	id   [4]byte
	aead cipher.AEAD
}

// keyring is the master keys that a vault knows.
type keyring struct {
	current masterKey
	all     []masterKey
}

func newMasterKey(key []byte) (masterKey, error) {
	if len(key) != KeySize {
		return masterKey{}, fmt.Errorf("the master key has %d bytes, it needs %d", len(key), KeySize)
	}
	aead, err := newAEAD(key)
	sum := sha256.Sum256(append([]byte("flowdeck master key id\x00"), key...))
	return masterKey{id: [4]byte(sum[:4]), aead: aead}, err
}

// wrap seals a data key for c.
func (k masterKey) wrap(key []byte, c Connection) []byte {
	return append(k.id[:], k.aead.Seal(nil, nil, key, label("key", c.ID, c.Type))...)
}

// use replaces the keys of the vault, the current one first. Those known before go on
// opening what somebody may have sealed with them a moment ago.
func (v *Vault) use(keys [][]byte) error {
	ring := &keyring{}
	for _, key := range keys {
		m, err := newMasterKey(key)
		if err != nil {
			return err
		}
		ring.all = append(ring.all, m)
	}
	ring.current = ring.all[0]
	if before := v.ring.Load(); before != nil {
		for _, m := range before.all {
			if _, known := ring.find(m.id); !known {
				ring.all = append(ring.all, m)
			}
		}
	}
	v.ring.Store(ring)
	return nil
}

func (v *Vault) reload() error {
	if v.load == nil {
		return nil
	}
	keys, err := v.load()
	if err != nil {
		return err
	}
	return v.use(keys)
}

// master is the key that wrapped a data key. One that is not known may be new.
func (v *Vault) master(wrapped []byte) (masterKey, bool) {
	if len(wrapped) < 4 {
		return masterKey{}, false
	}
	if m, ok := v.ring.Load().find([4]byte(wrapped[:4])); ok {
		return m, true
	}
	if v.load == nil || v.reload() != nil {
		return masterKey{}, false
	}
	return v.ring.Load().find([4]byte(wrapped[:4]))
}

func (r *keyring) find(id [4]byte) (masterKey, bool) {
	for _, m := range r.all {
		if m.id == id {
			return m, true
		}
	}
	return masterKey{}, false
}

// IsCurrent reports whether c's data key is wrapped with the current master key, or c has none.
func (v *Vault) IsCurrent(c Connection) bool {
	return len(c.Key) == 0 || len(c.Key) > 4 && [4]byte(c.Key[:4]) == v.ring.Load().current.id
}

// Rewrap wraps c's data key with the current master key and reports whether another one had.
func (v *Vault) Rewrap(c *Connection) (bool, error) {
	if v.IsCurrent(*c) {
		return false, nil
	}
	key, err := v.dataKey(*c)
	if err != nil {
		return false, err
	}
	c.Key = v.ring.Load().current.wrap(key, *c)
	return true, nil
}
