package connectors

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"flowdeck/cards/schema"
	"flowdeck/cards/trace"
)

// testTimeout bounds the call that a test makes.
const testTimeout = 15 * time.Second

// Result is what a test of a connection found.
type Result struct {
	OK      bool
	Status  int           // of the test URL's answer; 0 when none was called or none came
	Took    time.Duration // 0 when nothing was called
	Message string        // "200 in 182 ms", or what went wrong in words
	Trace   *trace.Trace  // what went over the wire, masked
}

// Test tries a connection: it calls its test URL, or, when it has none, sees that
// it has a token. The row's state, LastTested and TestResult are set. The error is
// schema.Problems when there is nothing to try.
func (c *Clients) Test(ctx context.Context, id string) (Result, error) {
	row, err := c.storage.Connection(ctx, id)
	if err != nil {
		return Result{}, err
	}
	kind, known := c.types.Type(row.Type)
	if row.TestURL == "" && known && !kind.Refreshes() {
		return Result{}, schema.Problems{{Field: "test_url", Message: "is needed to test this connection: an address that answers 200 to whoever is signed in"}}
	}
	c.Forget(id)
	ctx, cancel := context.WithTimeout(ctx, testTimeout)
	defer cancel()
	result := Result{Trace: &trace.Trace{}}
	ctx = trace.With(ctx, result.Trace)
	s, err := c.session(ctx, id)
	switch {
	case err != nil:
		result.Message = err.Error()
	case row.TestURL != "":
		s.call(ctx, row.TestURL, &result)
	default:
		s.showToken(ctx, &result)
	}
	return result, c.tested(ctx, id, result)
}

// call asks the test URL.
func (s *session) call(ctx context.Context, at string, result *Result) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		result.Message = err.Error()
		return
	}
	start := time.Now()
	res, err := s.client.Do(r)
	result.Took = time.Since(start)
	if err != nil {
		result.Message = s.masks.Load().text(plainError(err))
		return
	}
	discard(res)
	result.Status = res.StatusCode
	result.OK = res.StatusCode/100 == 2
	result.Message = fmt.Sprintf("%d in %d ms", res.StatusCode, result.Took.Milliseconds())
	if !result.OK {
		result.Message = fmt.Sprintf("%s answered %d %s in %d ms", r.URL.Host, res.StatusCode, http.StatusText(res.StatusCode), result.Took.Milliseconds())
	}
}

func (s *session) showToken(ctx context.Context, result *Result) {
	start := time.Now()
	if _, err := s.fresh(ctx, ""); err != nil {
		result.Message = plainError(err)
		return
	}
	result.OK, result.Took, result.Message = true, time.Since(start), "signed in"
}

// tested writes the outcome to the row. A renewal that failed has already said
// why; its state stays.
func (c *Clients) tested(ctx context.Context, id string, result Result) error {
	now := c.now()
	err := c.storage.UpdateConnection(context.WithoutCancel(ctx), id, func(row *Connection) error {
		row.LastTested, row.TestResult = now, result.Message
		switch {
		case result.OK:
			row.State, row.StateDetail = Ready, ""
		case row.State != NeedsSignIn:
			row.State, row.StateDetail = Failing, result.Message
		}
		return nil
	})
	c.Forget(id)
	return err
}
