package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"

	"flowdeck/flows"
	"flowdeck/flows/bundle"
)

// remoteSettings say which server to talk to. The token comes from FLOWDECK_TOKEN alone:
// everybody on a machine can read command lines.
type remoteSettings struct {
	Server string `placeholder:"URL" help:"Talk to this running server, with the API token in the environment variable FLOWDECK_TOKEN. Empty: open the data folder, which no server may use meanwhile."`
}

// lock takes the data folder, which must be there.
func (s storageSettings) lock(to streams) (unlock func(), err error) {
	if _, err := os.Stat(s.Data); err != nil {
		return nil, fmt.Errorf("there is no data folder %s: name it with --data, or a running server with --server", s.Data)
	}
	if err := openFolder(s.Data, s.logger(to)); err != nil {
		return nil, err
	}
	unlock, err = lockFolder(s.Data)
	if err != nil {
		return nil, fmt.Errorf("%w; or talk to it with --server and an API token in FLOWDECK_TOKEN", err)
	}
	return unlock, nil
}

func (r remoteSettings) remoteExport(ctx context.Context, flows []string) ([]bundle.File, error) {
	body, err := r.call(ctx, "GET", "/export", url.Values{"flow": flows}, nil)
	if err != nil {
		return nil, err
	}
	return bundle.Unzip(body)
}

func (r remoteSettings) remoteImport(ctx context.Context, to streams, files []bundle.File, dry, publish bool) ([]bundle.Change, error) {
	packed, err := bundle.Zip(files)
	if err != nil {
		return nil, err
	}
	stop := waiting(to.err, fmt.Sprintf("%s looks at %d files and imports all of them or none", r.Server, len(files)))
	defer stop()
	body, err := r.call(ctx, "POST", "/import", url.Values{"dry_run": {strconv.FormatBool(dry)}, "publish": {strconv.FormatBool(publish)}}, packed)
	if err != nil {
		return nil, err
	}
	var answer struct{ Changes []bundle.Change }
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, fmt.Errorf("read the answer of %s: %w", r.Server, err)
	}
	return answer.Changes, nil
}

// call does one call of the management API and returns the body of its answer.
func (r remoteSettings) call(ctx context.Context, method, path string, query url.Values, body []byte) ([]byte, error) {
	token := os.Getenv("FLOWDECK_TOKEN")
	if token == "" {
		return nil, errors.New("--server needs an API token in the environment variable FLOWDECK_TOKEN: make one in Settings")
	}
	at := strings.TrimSuffix(r.Server, "/") + "/api/v1" + path
	if len(query) > 0 {
		at += "?" + query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, method, at, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("--server: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	if body != nil {
		req.Header.Set("Content-Type", "application/zip")
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, fmt.Errorf("--server: %w", err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 2*bundle.MaxBundle))
	if err != nil {
		return nil, fmt.Errorf("read the answer of %s: %w", r.Server, err)
	}
	if res.StatusCode != http.StatusOK {
		return nil, r.refused(res, answer)
	}
	return answer, nil
}

// refused says why a server did not do what it was asked for.
func (r remoteSettings) refused(res *http.Response, answer []byte) error {
	var p struct {
		Title, Detail string
		Errors        []struct {
			File, Step, Field, Detail string
			Line, Column              int
		}
	}
	if json.Unmarshal(answer, &p) != nil || p.Title == "" {
		return fmt.Errorf("%s answers %s: is it a Flowdeck?", r.Server, res.Status)
	}
	var wrong bundle.Problems
	for _, x := range p.Errors {
		wrong = append(wrong, bundle.Problem{File: x.File, Problem: flows.Problem{Step: x.Step, Field: x.Field, Message: x.Detail, Line: x.Line, Column: x.Column}})
	}
	if len(wrong) > 0 && res.StatusCode == http.StatusUnprocessableEntity {
		return wrong
	}
	return fmt.Errorf("%s refuses: %s. %s", r.Server, p.Title, p.Detail)
}
