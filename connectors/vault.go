package connectors

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"flowdeck/cards/schema"
)

// ErrSealed means that the key is wrong, or that the row was tampered with or moved.
var ErrSealed = errors.New("cannot be opened with this master key")

// KeySize is the length of a master key in bytes.
const KeySize = 32

// Secrets is what a connection seals.
type Secrets struct {
	Settings schema.Values `json:"settings"`          // all of the type's form, its secrets included
	Network  schema.Values `json:"network,omitempty"` // all of Network, its secrets included
	Token    Token         `json:"token,omitzero"`
	Bound    []string      `json:"bound,omitempty"` // the hosts that whoever gave the secrets gave them for
}

// Vault seals and opens. Each connection has a data key of its own, wrapped by
// the master key; both are bound to the connection's id and type.
type Vault struct {
	ring atomic.Pointer[keyring]
	load func() ([][]byte, error) // reads the master keys again; nil when they cannot change
	now  func() time.Time
}

// NewVault makes a Vault from a master key of KeySize bytes. The old ones only open
// what was sealed before the key was changed.
func NewVault(master []byte, old ...[]byte) (*Vault, error) {
	v := &Vault{now: time.Now}
	return v, v.use(append([][]byte{master}, old...))
}

// Watch makes the vault read its master keys again, the current one first, when it
// meets a key that it does not know and before it wraps a new one: they may have been
// changed while the program runs. Call it before the vault is used.
func (v *Vault) Watch(load func() ([][]byte, error)) { v.load = load }

// Seal stores s in c. c.ID and c.Type must be set; they cannot change afterwards without another Seal.
func (v *Vault) Seal(c *Connection, s Secrets) error {
	key, err := v.dataKey(*c)
	if err != nil {
		return err
	}
	if key == nil {
		key = make([]byte, KeySize)
		rand.Read(key) // never fails
		if err := v.reload(); err != nil {
			return err
		}
		c.Key = v.ring.Load().current.wrap(key, *c)
	}
	aead, err := newAEAD(key)
	if err != nil {
		return err
	}
	plain, err := json.Marshal(s)
	if err != nil {
		return err
	}
	c.Sealed = aead.Seal(nil, nil, plain, label("connection", c.ID, c.Type))
	return nil
}

// Open returns what c seals; ErrSealed when it cannot.
func (v *Vault) Open(c Connection) (Secrets, error) {
	key, err := v.dataKey(c)
	if err != nil {
		return Secrets{}, err
	}
	if key == nil {
		return Secrets{}, fmt.Errorf("connection %s: %w", c.ID, ErrSealed)
	}
	aead, err := newAEAD(key)
	if err != nil {
		return Secrets{}, err
	}
	plain, err := aead.Open(nil, nil, c.Sealed, label("connection", c.ID, c.Type))
	if err != nil {
		return Secrets{}, fmt.Errorf("connection %s: %w", c.ID, ErrSealed)
	}
	var s Secrets
	return s, json.Unmarshal(plain, &s)
}

// dataKey unwraps c's data key; nil when c has none yet.
func (v *Vault) dataKey(c Connection) ([]byte, error) {
	if len(c.Key) == 0 {
		return nil, nil
	}
	master, ok := v.master(c.Key)
	if !ok {
		return nil, fmt.Errorf("connection %s: %w", c.ID, ErrSealed)
	}
	key, err := master.aead.Open(nil, nil, c.Key[len(master.id):], label("key", c.ID, c.Type))
	if err != nil {
		return nil, fmt.Errorf("connection %s: %w", c.ID, ErrSealed)
	}
	return key, nil
}

// pending is what an Attempt seals.
type pending struct {
	State    string `json:"state"`
	Verifier string `json:"verifier"`
}

func (v *Vault) sealPending(a *Attempt, p pending) error {
	plain, err := json.Marshal(p)
	if err != nil {
		return err
	}
	if err := v.reload(); err != nil {
		return err
	}
	a.Sealed = v.ring.Load().current.aead.Seal(nil, nil, plain, label("attempt", a.ID, a.ConnectionID))
	return nil
}

func (v *Vault) openPending(a Attempt) (pending, error) {
	p, err := v.ring.Load().openPending(a)
	if err != nil && v.load != nil && v.reload() == nil { // it may be sealed with a key that is new
		return v.ring.Load().openPending(a)
	}
	return p, err
}

func (r *keyring) openPending(a Attempt) (p pending, err error) {
	for _, master := range r.all {
		plain, err := master.aead.Open(nil, nil, a.Sealed, label("attempt", a.ID, a.ConnectionID))
		if err == nil {
			return p, json.Unmarshal(plain, &p)
		}
	}
	return p, fmt.Errorf("sign-in %s: %w", a.ID, ErrSealed)
}

func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// label is the additional data that binds a ciphertext to its place. Its parts hold no zero byte.
func label(what, id, kind string) []byte { return []byte(what + "\x00" + id + "\x00" + kind) }
