package web

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"

	"flowdeck/flows"
	"flowdeck/flows/store"
)

// touchEvery is how exactly a session's last use is known.
const touchEvery = time.Minute

// keys of what a session holds while a request runs.
const (
	sessionUser = "user" // *store.User
	sessionHash = "hash" // of the token; names the row
)

// sessionRows keeps sessions as rows of the store. The cookie holds a random
// token and the row its SHA-256, so a copy of the database signs nobody in.
type sessionRows struct{ server *Server }

var _ sessions.Store = (*sessionRows)(nil)

func (st *sessionRows) cookieName(r *http.Request) string {
	if st.server.behindTLS(r) {
		return "__Host-flowdeck"
	}
	return "flowdeck"
}

// Get returns the request's session, looked up once per request.
func (st *sessionRows) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(st, name)
}

// New returns the session that the cookie names, or an empty new one.
func (st *sessionRows) New(r *http.Request, name string) (*sessions.Session, error) {
	s := sessions.NewSession(st, name)
	s.Options = &sessions.Options{Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: st.server.behindTLS(r), MaxAge: int(st.server.Config.SessionLife / time.Second)}
	s.IsNew = true
	cookie, err := r.Cookie(name)
	if err != nil || cookie.Value == "" {
		return s, nil
	}
	row, user, err := st.find(r, hashToken(cookie.Value))
	switch {
	case errors.Is(err, flows.ErrNotFound):
		return s, nil
	case err != nil:
		return s, fmt.Errorf("find session: %w", err)
	}
	s.ID, s.IsNew = cookie.Value, false
	s.Values[sessionUser], s.Values[sessionHash] = user, row.Hash
	return s, nil
}

// find returns the row and its user while it lasts, and notes now and then that it is in use.
func (st *sessionRows) find(r *http.Request, hash string) (store.Session, *store.User, error) {
	s, ctx := st.server, r.Context()
	row, err := s.Store.Session(ctx, hash)
	if err != nil {
		return row, nil, err
	}
	now := s.Now()
	if now.After(row.Expires) || now.Sub(row.Seen) > s.Config.SessionIdle {
		if err := s.Store.DeleteSession(ctx, hash); err != nil {
			return row, nil, err
		}
		return row, nil, flows.ErrNotFound
	}
	if now.Sub(row.Seen) >= touchEvery {
		if err := s.Store.TouchSession(ctx, hash, now, row.Expires); err != nil && !inTrouble(err) {
			return row, nil, err // a full disk signs nobody out
		}
	}
	return row, &row.User, nil
}

// Save stores a new session and sets its cookie. A session whose MaxAge is
// negative is deleted, and its cookie with it.
func (st *sessionRows) Save(r *http.Request, w http.ResponseWriter, s *sessions.Session) error {
	if s.Options.MaxAge < 0 {
		if hash, ok := s.Values[sessionHash].(string); ok {
			if err := st.server.Store.DeleteSession(r.Context(), hash); err != nil && !errors.Is(err, flows.ErrNotFound) {
				return fmt.Errorf("delete session: %w", err)
			}
		}
		http.SetCookie(w, sessions.NewCookie(s.Name(), "", s.Options))
		return nil
	}
	if s.IsNew {
		user := s.Values[sessionUser].(*store.User)
		s.ID = rand.Text()
		now := st.server.Now()
		row := store.Session{Hash: hashToken(s.ID), User: *user, Created: now, Seen: now, Expires: now.Add(st.server.Config.SessionLife),
			Address: st.server.addressOf(r), Agent: clip(r.UserAgent(), 300)}
		if err := st.server.Store.CreateSession(r.Context(), row); err != nil {
			return fmt.Errorf("create session: %w", err)
		}
		s.IsNew, s.Values[sessionHash] = false, row.Hash
	}
	http.SetCookie(w, sessions.NewCookie(s.Name(), s.ID, s.Options))
	return nil
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return string([]rune(s[:n]))
}

const userKey = "user"

// user is who is signed in. Every handler of the app group has one.
func (s *Server) user(c echo.Context) *store.User { u, _ := c.Get(userKey).(*store.User); return u }

// session returns the request's session, new when nobody is signed in.
func (s *Server) session(c echo.Context) (*sessions.Session, error) {
	return s.sessions.Get(c.Request(), s.sessions.cookieName(c.Request()))
}

// sessionGoesOn returns what tells whether the request's session has not ended since.
// Asking it does not count as use.
func (s *Server) sessionGoesOn(c echo.Context) (func() bool, error) {
	session, err := s.session(c)
	if err != nil {
		return nil, err
	}
	ctx, hash := c.Request().Context(), session.Values[sessionHash].(string)
	return func() bool {
		row, err := s.Store.Session(ctx, hash)
		if err != nil {
			return !errors.Is(err, flows.ErrNotFound) // a database that does not answer signs nobody out
		}
		return s.Now().Sub(row.Seen) <= s.Config.SessionIdle
	}, nil
}

// startSession signs user in. What the browser held before is dropped, so that nobody
// can plant a session on somebody else.
func (s *Server) startSession(c echo.Context, user *store.User) error {
	if err := s.endSession(c); err != nil {
		return err
	}
	name := s.sessions.cookieName(c.Request())
	fresh := sessions.NewSession(s.sessions, name)
	old, err := s.session(c)
	if err != nil {
		return err
	}
	options := *old.Options
	options.MaxAge = int(s.Config.SessionLife / time.Second)
	fresh.Options, fresh.IsNew, fresh.Values[sessionUser] = &options, true, user
	c.Response().Header().Del(echo.HeaderSetCookie)
	return fresh.Save(c.Request(), c.Response())
}

// endSession signs out whoever is signed in here.
func (s *Server) endSession(c echo.Context) error {
	old, err := s.session(c)
	if err != nil || old.IsNew {
		return err
	}
	old.Options.MaxAge = -1
	return old.Save(c.Request(), c.Response())
}
