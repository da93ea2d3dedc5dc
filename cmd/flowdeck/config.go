package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"flowdeck/flows"
	"flowdeck/flows/store"
)

// leastRunMemory is for a few large answers, in MiB: with less hardly any flow could do its work.
const leastRunMemory = 16

// commands is the command line. Every setting can also come from the environment:
// --public-url is FLOWDECK_PUBLIC_URL.
type commands struct {
	Serve   serveSettings   `cmd:"" default:"withargs" help:"Serve Flowdeck. This is the default."`
	Migrate storageSettings `cmd:"" help:"Bring the database up to date and stop. Serving does it too."`
	User    userCommands    `cmd:"" help:"Manage the people who can sign in."`
	Export  exportSettings  `cmd:"" help:"Write flows and connections to a folder, one file each, for Git."`
	Import  importSettings  `cmd:"" help:"Read flows and connections from a folder or a file; what is there is updated."`
	Test    testSettings    `cmd:"" help:"Run the tests of flows, against their recorded answers."`
	Backup  backupSettings  `cmd:"" help:"Write everything into one file, while the server goes on working."`
	Restore restoreSettings `cmd:"" help:"Bring back what backup wrote."`
	Rekey   rekeySettings   `cmd:"" help:"Change the master key, while servers go on working."`
	Cards   cardsSettings   `cmd:"" help:"Print the catalogue of cards."`
	Version struct{}        `cmd:"" help:"Print the version."`
}

// storageSettings say where everything is kept.
type storageSettings struct {
	Data     string `default:"data" help:"Folder of everything Flowdeck keeps. It is made, readable by you alone."`
	Database string `placeholder:"DSN" help:"PostgreSQL to keep flows and runs in (postgres://…), or the path of a SQLite file. Empty: flowdeck.db in the data folder."`
	LogLevel string `default:"info" enum:"debug,info,warn,error" help:"How much to log: debug, info, warn or error."`
	LogJSON  bool   `name:"log-json" help:"Log lines of JSON."`
}

// serveSettings are all settings of the server.
type serveSettings struct {
	Addr            string `default:"127.0.0.1:8080" help:"Address to listen on."`
	storageSettings `embed:""`
	PublicURL       string   `name:"public-url" placeholder:"URL" help:"How browsers and callers reach this server, such as https://flows.example.com. Empty: what each request says."`
	TrustedProxies  []string `placeholder:"NET" help:"Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed: networks or addresses, separated by commas."`
	EgressAllow     []string `placeholder:"NET" help:"Private places that flows may call beside the public internet: networks (10.0.0.0/8), hosts or host:port, separated by commas; * for all."`
	keySettings     `embed:""`
	SessionIdle     time.Duration `default:"336h" help:"Sign people out who were away for so long."`
	SessionLife     time.Duration `default:"2160h" help:"Sign people out after so long in any case."`
	RunData         int64         `default:"10240" help:"Megabytes that everything together may take of the disk; the oldest runs go first. 0: no limit. What owners choose in Settings comes before it."`
	RunSteps        int           `default:"100000" help:"Cards that one run may go through, all rounds of loops counted. A flow can be set to less."`
	RunMemory       int           `default:"256" help:"MiB of outputs that one run may hold at a time; the results of one loop may be a quarter of it. A flow can be set to less."`
	MetricsAddr     string        `placeholder:"ADDR" help:"Also serve /metrics for Prometheus at this address, without a token: let nobody else reach it."`
	traceSettings   `embed:""`
	ShutdownGrace   time.Duration `default:"20s" help:"How long runs may go on when the server is stopped. What is left goes on at the next start."`
	Sample          bool          `help:"Also serve a sample service on loopback, and add a flow that uses it."`
	SampleAddr      string        `default:"127.0.0.1:8181" help:"Where the sample service listens."`
}

// Validate refuses a database of another kind, which would else be taken for the path of a
// file. What was written may hold a password.
func (s storageSettings) Validate() error {
	if !isPostgres(s.Database) && otherKind.MatchString(s.Database) {
		return errors.New("--database: write postgres://user:password@host/name, or the path of a SQLite file")
	}
	return nil
}

var otherKind = regexp.MustCompile(`(?i)://|(^|\s)(host|user|password|dbname)\s*=`)

// dsn is the database to open.
func (s storageSettings) dsn() string {
	if s.Database != "" {
		return s.Database
	}
	return filepath.Join(s.Data, "flowdeck.db")
}

func (s storageSettings) logger(to streams) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(s.LogLevel)) // one of the words that parsing let through
	o := &slog.HandlerOptions{Level: level}
	if s.LogJSON {
		return slog.New(slog.NewJSONHandler(to.err, o))
	}
	return slog.New(slog.NewTextHandler(to.err, o))
}

// bounds are those of every run.
func (s *serveSettings) bounds() flows.Bounds {
	return flows.Bounds{Steps: s.RunSteps, Memory: int64(s.RunMemory) << 20}
}

// check says what is wrong with the settings, before anything is opened.
func (s *serveSettings) check() error {
	if s.PublicURL != "" {
		u, err := url.Parse(s.PublicURL)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
			return fmt.Errorf("--public-url %q: write scheme and host alone, such as https://flows.example.com", s.PublicURL)
		}
		s.PublicURL = u.Scheme + "://" + u.Host
	}
	if s.RunData < 0 {
		return fmt.Errorf("--run-data %d: cannot be negative", s.RunData)
	}
	if s.RunData > 0 && s.RunData<<20 < store.LeastBytes {
		return fmt.Errorf("--run-data %d: must be %d or more, or 0 for no limit", s.RunData, store.LeastBytes>>20)
	}
	if s.RunSteps < 1 || s.RunSteps > flows.MostRunSteps {
		return fmt.Errorf("--run-steps %d: must be from 1 to %d", s.RunSteps, flows.MostRunSteps)
	}
	if s.RunMemory < leastRunMemory || s.RunMemory > flows.MostRunMemoryMB {
		return fmt.Errorf("--run-memory %d: must be from %d to %d", s.RunMemory, leastRunMemory, flows.MostRunMemoryMB)
	}
	for name, d := range map[string]time.Duration{"session-idle": s.SessionIdle, "session-life": s.SessionLife, "shutdown-grace": s.ShutdownGrace} {
		if d <= 0 {
			return fmt.Errorf("--%s %s: must be longer than nothing", name, d)
		}
	}
	if err := s.traceSettings.check(); err != nil {
		return err
	}
	_, err := s.proxies()
	return err
}

func (s *serveSettings) proxies() ([]netip.Prefix, error) {
	var list []netip.Prefix
	for _, text := range s.TrustedProxies {
		text = strings.TrimSpace(text)
		if addr, err := netip.ParseAddr(text); err == nil {
			list = append(list, netip.PrefixFrom(addr, addr.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("--trusted-proxies %q: write a network such as 10.0.0.0/8, or an address", text)
		}
		list = append(list, p.Masked())
	}
	return list, nil
}
