package store

import (
	"context"
	"time"
)

// SaveCardTest keeps the try of a card in place of the one before.
func (s *Store) SaveCardTest(ctx context.Context, c CardTest) error {
	fail, failBlob, _, err1 := s.body(failure(c.Error))
	input, inputBlob, _, err2 := s.body(encode(c.Input))
	output, outputBlob, _, err3 := s.body(encode(c.Output))
	trace, traceBlob, _, err4 := s.body(traceText(c.Trace), nil)
	for _, err := range []error{err1, err2, err3, err4} {
		if err != nil {
			return failed("save card test", err)
		}
	}
	if c.At.IsZero() {
		c.At = s.now()
	}
	owner := c.FlowID + "/" + c.StepID
	err := s.writer.do(ctx, func(t *tx) error {
		if err := useBlobs(t, owner, failBlob, inputBlob, outputBlob, traceBlob); err != nil {
			return err
		}
		_, err := t.exec(`insert into card_tests (flow_id, step_id, card, made_by, created, took, recorded, recording, failure, input, output, trace)
			values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			on conflict (flow_id, step_id) do update set card = excluded.card, made_by = excluded.made_by, created = excluded.created,
			took = excluded.took, recorded = excluded.recorded, recording = excluded.recording,
			failure = excluded.failure, input = excluded.input, output = excluded.output, trace = excluded.trace`,
			c.FlowID, c.StepID, c.Card, c.By, micros(c.At), c.Took.Microseconds(), micros(c.Recorded), c.Recording, fail, input, output, trace)
		if err != nil || c.Error != nil || !c.Recorded.IsZero() {
			return err
		}
		if err := useBlobs(t, owner+answerOwner, outputBlob, traceBlob); err != nil {
			return err
		}
		_, err = t.exec(`insert into card_answers (flow_id, step_id, made_by, created, took, output, trace) values (?, ?, ?, ?, ?, ?, ?)
			on conflict (flow_id, step_id) do update set made_by = excluded.made_by, created = excluded.created, took = excluded.took,
			output = excluded.output, trace = excluded.trace`,
			c.FlowID, c.StepID, c.By, micros(c.At), c.Took.Microseconds(), output, trace)
		return err
	})
	return failed("save card test", err)
}

// answerOwner is what the owner of the blobs of a card's last answer ends in.
const answerOwner = "/answer"

// useBlobs says that an owner uses these blobs and no others; "" is none.
func useBlobs(t *tx, owner string, list ...string) error {
	if _, err := t.exec(`delete from blob_uses where owner = ?`, owner); err != nil {
		return err
	}
	for _, blob := range list {
		if blob == "" {
			continue
		}
		if err := useBlob(t, blob, owner); err != nil {
			return err
		}
	}
	return nil
}

const cardTestSelect = `select flow_id, step_id, card, made_by, created, took, recorded, recording, failure, input, output, trace from card_tests `

// CardTest returns the last try of one card.
func (s *Store) CardTest(ctx context.Context, flowID, stepID string) (CardTest, error) {
	x, err := scanCardTest(s.row(ctx, cardTestSelect+`where flow_id = ? and step_id = ?`, flowID, stepID).Scan)
	if err == nil {
		err = s.readCardTest(&x)
	}
	return x.CardTest, failed("read card test", err)
}

// CardTests returns the last try of each of a flow's cards.
func (s *Store) CardTests(ctx context.Context, flowID string) ([]CardTest, error) {
	var list []CardTest
	err := s.each(ctx, cardTestSelect+`where flow_id = ? order by step_id`, []any{flowID}, func(scan scan) error {
		x, err := scanCardTest(scan)
		if err == nil {
			err = s.readCardTest(&x)
		}
		list = append(list, x.CardTest)
		return err
	})
	return list, failed("list card tests", err)
}

// storedCardTest is a card test whose bodies are not read yet.
type storedCardTest struct {
	CardTest
	failure, input, output, trace string
}

func scanCardTest(scan scan) (c storedCardTest, err error) {
	var took int64
	err = scan(&c.FlowID, &c.StepID, &c.Card, &c.By, instant{&c.At}, &took, instant{&c.Recorded}, &c.Recording, &c.failure, &c.input, &c.output, &c.trace)
	c.Took = time.Duration(took) * time.Microsecond
	return c, err
}

func (s *Store) readCardTest(c *storedCardTest) (err error) {
	if c.Error, err = s.failure(c.failure); err != nil {
		return err
	}
	if c.Input, err = s.values(c.input); err != nil {
		return err
	}
	if c.Output, err = s.shown(c.output); err != nil {
		return err
	}
	c.Trace, err = s.trace(c.trace)
	return err
}
