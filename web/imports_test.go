package web_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"flowdeck/flows"
	"flowdeck/flows/bundle"
	"flowdeck/flows/store"
)

// upload imports a zip file of n flows as the dialog does.
func (b *browser) upload(n int, fields ...string) page {
	t := b.p.t
	t.Helper()
	var files []bundle.File
	for n := range n {
		f := flows.Flow{ID: fmt.Sprintf("f_many_%d", n), Name: fmt.Sprintf("Many %d", n), Alias: fmt.Sprintf("many-%d", n), Draft: answering("")}
		text, err := bundle.FileOf(f, nil).Encode()
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, bundle.File{Path: "flows/" + f.Alias + ".json", Text: text})
	}
	packed, err := bundle.Zip(files)
	if err != nil {
		t.Fatal(err)
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i+1 < len(fields); i += 2 {
		_ = form.WriteField(fields[i], fields[i+1])
	}
	part, _ := form.CreateFormFile("file", "many.zip")
	_, _ = part.Write(packed)
	_ = form.Close()
	r, err := http.NewRequest(http.MethodPost, b.p.url+"/flows/import", &body)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("HX-Request", "true")
	return b.read(r)
}

// until asks again and again until the answer is what is waited for.
func (b *browser) until(path string, ok func(page) bool) page {
	b.p.t.Helper()
	for range 200 {
		if got := b.get(path, "HX-Request", "true"); ok(got) {
			return got
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.p.t.Fatalf("%s does not come to that", path)
	return page{}
}

func TestAnImportThatTakesLongShowsHowFarItIs(t *testing.T) {
	p := newPlace(t)
	b := p.owner()
	seen := regexp.MustCompile(`name="seen" value="(\w+)"`)
	going := regexp.MustCompile(`hx-get="(/imports/im_[\w-]+)"`)
	plan := b.upload(200)
	at := going.FindStringSubmatch(plan.body)
	if at != nil { // on a slow machine looking at it takes long
		plan = b.until(at[1], func(x page) bool { return strings.Contains(x.body, "What would be done") })
	}
	hash := seen.FindStringSubmatch(plan.want(http.StatusOK, "What would be done", "Many 199").body)[1]

	// begin holds what is written until it is let go of, and imports meanwhile.
	begin := func() (path string, letGo func()) {
		held, hold := make(chan struct{}), make(chan struct{})
		over := make(chan error, 1)
		go func() {
			over <- p.Store.Together(t.Context(), func(*store.Store) error { close(held); <-hold; return nil })
		}()
		<-held
		letGo = func() {
			close(hold)
			if err := <-over; err != nil {
				t.Error(err)
			}
		}
		got := b.upload(200, "as", "update", "seen", hash)
		at := going.FindStringSubmatch(got.body)
		if at == nil {
			letGo()
			t.Fatalf("no progress is shown:\n%s", got.body)
		}
		got.want(http.StatusOK, `id="import"`, "when you stop it, or something fails, nothing is imported", "hidden")
		b.until(at[1], func(x page) bool { return strings.Contains(x.body, ">0 of 200 flows") }).want(http.StatusOK, "Writing")
		return at[1], letGo
	}

	path, letGo := begin()
	b.upload(2, "as", "copy").want(http.StatusConflict)
	b.get("/flows").want(http.StatusOK, "Your import goes on.").wantNot("Many 1")
	b.get("/flows/import", "HX-Request", "true").want(http.StatusOK, "<dialog", ">0 of 200 flows", path)
	b.post(path+"/stop", nil, "HX-Request", "true").want(http.StatusOK, "Stopping")
	letGo()
	b.until(path, func(x page) bool { return x.header.Get("HX-Retarget") == "#import" }).want(http.StatusOK, "Nothing was imported.", "It was stopped.")
	if n, err := p.Store.FlowCounts(t.Context()); err != nil || n.All != 0 {
		t.Errorf("after it was stopped there are %d flows, %v", n.All, err)
	}
	b.post(path+"/stop", nil, "HX-Request", "true").want(http.StatusOK, "It was stopped.") // pressed twice
	b.get("/flows").want(http.StatusOK).wantNot("Your import")
	b.get("/imports/im_gone", "HX-Request", "true").want(http.StatusOK, "not known here any more")

	path, letGo = begin()
	letGo()
	for b.p.importing() {
		time.Sleep(20 * time.Millisecond)
	}
	b.get("/flows").want(http.StatusOK, "Your import has ended: 200 new.", "Many 1").wantNot("Show it")
	b.get("/flows/import", "HX-Request", "true").want(http.StatusOK, `name="file"`)
	end := b.get(path, "HX-Request", "true").want(http.StatusOK)
	if to := end.header.Get("HX-Redirect"); to != "/flows" {
		t.Errorf("at its end it goes to %q", to)
	}
	b.get("/flows").want(http.StatusOK, "200 flows").wantNot("Your import")
}

// Whoever leaves before they have seen what would be done comes back to that, and carries
// it out with the file that is kept.
func TestAnImportThatWasLookedAtIsComeBackTo(t *testing.T) {
	p := newPlace(t)
	b := p.owner()
	seen := regexp.MustCompile(`name="seen" value="(\w+)"`)
	b.upload(3)
	p.UnseeImports()
	b.until("/flows", func(x page) bool { return strings.Contains(x.body, "look at what it would do") }).want(http.StatusOK, "Show it")
	plan := b.get("/flows/import", "HX-Request", "true").want(http.StatusOK, "What would be done", "Many 2", "the file that was looked at")
	b.post("/flows/import", url.Values{"as": {"update"}, "seen": seen.FindStringSubmatch(plan.body)[1:]}, "HX-Request", "true").want(http.StatusOK)
	b.get("/flows").want(http.StatusOK, "Many 0", "Many 2").wantNot("Your import")
	b.post("/flows/import", url.Values{"as": {"update"}, "seen": {"another"}}, "HX-Request", "true").want(http.StatusUnprocessableEntity, "Choose a file")
}

// importing reports whether not all of the 200 flows are there.
func (p *place) importing() bool {
	n, err := p.Store.FlowCounts(p.t.Context())
	if err != nil {
		p.t.Fatal(err)
	}
	return n.All < 200
}
