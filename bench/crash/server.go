package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// patience is how long a start may take on a machine that is busy.
const patience = 30 * time.Second

// server is the program that is killed, on one address for all its lives.
type server struct {
	binary, folder, addr string
	url                  string
	cmd                  *exec.Cmd
	said                 *bytes.Buffer // by the life that goes on
	began                time.Time
	starts               []time.Duration // until it was ready
}

func newServer(binary, folder string) (*server, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	addr := l.Addr().String()
	return &server{binary: binary, folder: folder, addr: addr, url: "http://" + addr}, l.Close()
}

func (s *server) start() error {
	s.said = &bytes.Buffer{}
	s.cmd = exec.Command(s.binary, "serve", "--addr", s.addr, "--data", s.folder)
	s.cmd.Env = append(os.Environ(), "FLOWDECK_EGRESS_ALLOW=127.0.0.0/8", "FLOWDECK_LOG_LEVEL=warn")
	s.cmd.Stdout, s.cmd.Stderr = s.said, s.said
	s.began = time.Now()
	return s.cmd.Start()
}

// ready returns when the server answers.
func (s *server) ready(ctx context.Context) (time.Duration, error) {
	var last error
	for time.Since(s.began) < patience && ctx.Err() == nil {
		res, err := http.Get(s.url + "/readyz")
		if err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return time.Since(s.began), nil
			}
			err = errors.New(res.Status)
		}
		last = err
		time.Sleep(2 * time.Millisecond)
	}
	return 0, fmt.Errorf("the server is not ready after %s: %w", patience, last)
}

// live lets the server live for a while: one time in ten for less than it takes to
// start, else until it is in the middle of its work.
func (s *server) live(random *rand.Rand) {
	if random.IntN(10) == 0 {
		time.Sleep(time.Duration(random.IntN(200)) * time.Millisecond)
		return
	}
	if took, err := s.ready(context.Background()); err == nil {
		s.starts = append(s.starts, took)
	}
	time.Sleep(time.Duration(10+random.IntN(600)) * time.Millisecond)
}

// kill ends the server as a power cut would, as far as the server can tell.
func (s *server) kill() {
	if s.cmd == nil || s.cmd.ProcessState != nil {
		return
	}
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// end stops the server in order.
func (s *server) end() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	if err := s.cmd.Wait(); err != nil {
		return fmt.Errorf("the server stops with %w:\n%s", err, s.said)
	}
	return nil
}
