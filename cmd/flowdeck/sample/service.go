// Package sample is a small customers API to try flows on, and a flow that uses
// it. Everything in it is made up and lives in memory; it is served on loopback
// and only on request. Flowdeck itself may not depend on it.
package sample

import (
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// What the service takes as sign-in. It guards made-up data on loopback.
const (
	Username = "demo"
	Password = "demo-password"
	Token    = "demo-token"
)

// Bounds of what the service keeps and reads.
const (
	maxRecords = 1000
	maxBody    = 1 << 20
	maxSlow    = 30 * time.Second
)

// Customer is somebody the service knows.
type Customer struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
	Plan  string `json:"plan"` // free or gold
	City  string `json:"city"`
}

// Ticket is a note that somebody is to do something about a customer.
type Ticket struct {
	ID       string    `json:"id"`
	Customer string    `json:"customer"`
	Subject  string    `json:"subject"`
	Created  time.Time `json:"created"`
}

// Service answers the API.
type Service struct {
	mu        sync.Mutex
	customers []Customer
	tickets   []Ticket
	calls     int // of /flaky
}

// New returns a service with a few customers.
func New() *Service {
	return &Service{customers: []Customer{
		{"C-1001", "Maya Ortiz", "maya@example.com", "gold", "Lisbon"},
		{"C-1002", "Jonas Brandt", "jonas@example.com", "free", "Hamburg"},
		{"C-1003", "Aiko Tanaka", "aiko@example.com", "gold", "Osaka"},
		{"C-1004", "Priya Nair", "priya@example.com", "free", "Kochi"},
		{"C-1005", "Lena Okafor", "lena@example.com", "free", "Lagos"},
	}}
}

// Handler routes the API.
func (s *Service) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.index)
	mux.HandleFunc("GET /customers", signedIn(s.list))
	mux.HandleFunc("POST /customers", signedIn(s.create))
	mux.HandleFunc("GET /customers/{id}", signedIn(s.get))
	mux.HandleFunc("GET /tickets", signedIn(s.listTickets))
	mux.HandleFunc("POST /tickets", signedIn(s.createTicket))
	mux.HandleFunc("/echo", echo)
	mux.HandleFunc("/slow", slow)
	mux.HandleFunc("/fail", fail)
	mux.HandleFunc("/flaky", s.flaky)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		problem(w, http.StatusNotFound, "there is nothing at "+r.URL.Path)
	})
	return mux
}

// signedIn asks for the user name and password, or for the bearer token.
func signedIn(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		user, password, basic := r.BasicAuth()
		token, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		switch {
		case basic && same(user, Username) && same(password, Password), bearer && same(token, Token):
			next(w, r)
		case basic || bearer:
			w.Header().Set("WWW-Authenticate", `Basic realm="sample", Bearer error="invalid_token"`)
			problem(w, http.StatusUnauthorized, "the user name, the password or the token is wrong")
		default:
			w.Header().Set("WWW-Authenticate", `Basic realm="sample", Bearer`)
			problem(w, http.StatusUnauthorized, "sign in with Basic or with a bearer token")
		}
	}
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

func (s *Service) index(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, map[string]any{
		"service": "Flowdeck sample service",
		"sign_in": map[string]string{"basic": Username + ":" + Password, "bearer": Token},
		"paths": []string{"GET /customers?q=&plan=", "POST /customers", "GET /customers/{id}", "GET /tickets", "POST /tickets",
			"ANY /echo", "ANY /slow?ms=2000", "ANY /fail?status=503", "ANY /flaky"},
	})
}

func (s *Service) list(w http.ResponseWriter, r *http.Request) {
	q, plan := strings.ToLower(r.URL.Query().Get("q")), r.URL.Query().Get("plan")
	found := []Customer{}
	s.mu.Lock()
	for _, c := range s.customers {
		if (plan == "" || c.Plan == plan) && strings.Contains(strings.ToLower(c.Name+" "+c.Email), q) {
			found = append(found, c)
		}
	}
	s.mu.Unlock()
	answer(w, http.StatusOK, map[string]any{"items": found, "total": len(found)})
}

func (s *Service) get(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.customers {
		if c.ID == r.PathValue("id") {
			answer(w, http.StatusOK, c)
			return
		}
	}
	problem(w, http.StatusNotFound, "no customer has the id "+strconv.Quote(r.PathValue("id")))
}

func (s *Service) create(w http.ResponseWriter, r *http.Request) {
	var c Customer
	if !read(w, r, &c) {
		return
	}
	if c.Name == "" || !strings.Contains(c.Email, "@") {
		problem(w, http.StatusUnprocessableEntity, "name and email are required")
		return
	}
	if c.Plan == "" {
		c.Plan = "free"
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, other := range s.customers {
		if strings.EqualFold(other.Email, c.Email) {
			problem(w, http.StatusConflict, "email is already used by "+other.ID)
			return
		}
	}
	if len(s.customers) >= maxRecords {
		problem(w, http.StatusInsufficientStorage, "the sample holds no more customers; restart it")
		return
	}
	c.ID = fmt.Sprintf("C-%d", 1001+len(s.customers))
	s.customers = append(s.customers, c)
	w.Header().Set("Location", "/customers/"+c.ID)
	answer(w, http.StatusCreated, c)
}

func (s *Service) listTickets(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	answer(w, http.StatusOK, map[string]any{"items": append([]Ticket{}, s.tickets...), "total": len(s.tickets)})
}

func (s *Service) createTicket(w http.ResponseWriter, r *http.Request) {
	var t Ticket
	if !read(w, r, &t) {
		return
	}
	if t.Customer == "" || t.Subject == "" {
		problem(w, http.StatusUnprocessableEntity, "customer and subject are required")
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.tickets) >= maxRecords {
		s.tickets = s.tickets[1:]
	}
	s.calls++
	t.ID, t.Created = fmt.Sprintf("T-%d", 5000+s.calls), time.Now().UTC().Truncate(time.Second)
	s.tickets = append(s.tickets, t)
	w.Header().Set("Location", "/tickets/"+t.ID)
	answer(w, http.StatusCreated, t)
}

// read decodes a JSON body, or answers why it cannot.
func read(w http.ResponseWriter, r *http.Request, into any) bool {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		problem(w, http.StatusRequestEntityTooLarge, "the body is longer than 1 MiB")
		return false
	}
	if err := json.Unmarshal(body, into); err != nil {
		problem(w, http.StatusBadRequest, "the body is not JSON: "+err.Error())
		return false
	}
	return true
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a caller that went away is nobody's problem
}

func problem(w http.ResponseWriter, status int, message string) {
	answer(w, status, map[string]any{"error": http.StatusText(status), "message": message})
}
