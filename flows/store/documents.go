package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"flowdeck/flows"
)

// PutDocument keeps doc, once however often it is put, and returns its id: the
// SHA-256 of its JSON, in hex.
func (s *Store) PutDocument(ctx context.Context, doc flows.Document) (string, error) {
	id, body, err := encodeDocument(doc)
	if err != nil {
		return "", fmt.Errorf("keep document: %w", err)
	}
	return id, failed("keep document", s.writer.do(ctx, func(t *tx) error { return s.putDocument(t, id, body) }))
}

func (s *Store) putDocument(t *tx, id, body string) error {
	_, err := t.exec(`insert into documents (id, used, body) values (?, ?, ?)
		on conflict (id) do update set used = excluded.used`, id, micros(s.now()), body)
	return err
}

// Document returns the document of that id.
func (s *Store) Document(ctx context.Context, id string) (flows.Document, error) {
	var doc flows.Document
	err := s.row(ctx, `select body from documents where id = ?`, id).Scan(document{&doc})
	return doc, failed("read document "+id, err)
}

func encodeDocument(doc flows.Document) (id, body string, err error) {
	data, err := doc.Encode()
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), string(data), err
}

// document scans a stored document.
type document struct{ doc *flows.Document }

// Scan implements sql.Scanner.
func (d document) Scan(v any) (err error) {
	switch v := v.(type) {
	case string:
		*d.doc, err = flows.DecodeDocument([]byte(v))
	case []byte:
		*d.doc, err = flows.DecodeDocument(v)
	default:
		err = fmt.Errorf("document: %T", v)
	}
	return err
}

// eachStep calls f with every step, the trigger first.
func eachStep(doc flows.Document, f func(*flows.Step)) {
	f(&doc.Trigger)
	eachIn(doc.Chain, f)
}

func eachIn(chain []flows.Step, f func(*flows.Step)) {
	for i := range chain {
		f(&chain[i])
		for _, b := range chain[i].Blocks {
			eachIn(b.Chain, f)
		}
	}
}

// countSteps leaves the trigger out.
func countSteps(doc flows.Document) (n int64) {
	eachIn(doc.Chain, func(*flows.Step) { n++ })
	return n
}
