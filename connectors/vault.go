package connectors

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
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
}

// Vault seals and opens. Each connection has a data key of its own, wrapped by
// the master key; both are bound to the connection's id and type.
type Vault struct {
	master cipher.AEAD
	id     [4]byte // of the master key, so that a rekey can tell which one wrapped what
	now    func() time.Time
}

// NewVault makes a Vault from a master key of KeySize bytes.
func NewVault(master []byte) (*Vault, error) {
	if len(master) != KeySize {
		return nil, fmt.Errorf("the master key has %d bytes, it needs %d", len(master), KeySize)
	}
	aead, err := newAEAD(master)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(append([]byte("flowdeck master key id\x00"), master...))
	return &Vault{master: aead, id: [4]byte(sum[:4]), now: time.Now}, nil
}

// Seal stores s in c. c.ID and c.Type must be set; they cannot change afterwards without another Seal.
func (v *Vault) Seal(c *Connection, s Secrets) error {
	key, err := v.dataKey(*c)
	if err != nil {
		return err
	}
	if key == nil {
		key = make([]byte, KeySize)
		rand.Read(key) // never fails
		c.Key = append(v.id[:], v.master.Seal(nil, nil, key, label("key", c.ID, c.Type))...)
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
	if len(c.Key) < len(v.id) || [4]byte(c.Key[:4]) != v.id {
		return nil, fmt.Errorf("connection %s: %w", c.ID, ErrSealed)
	}
	key, err := v.master.Open(nil, nil, c.Key[4:], label("key", c.ID, c.Type))
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
	a.Sealed = v.master.Seal(nil, nil, plain, label("attempt", a.ID, a.ConnectionID))
	return nil
}

func (v *Vault) openPending(a Attempt) (p pending, err error) {
	plain, err := v.master.Open(nil, nil, a.Sealed, label("attempt", a.ID, a.ConnectionID))
	if err != nil {
		return p, fmt.Errorf("sign-in %s: %w", a.ID, ErrSealed)
	}
	return p, json.Unmarshal(plain, &p)
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
