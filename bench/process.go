package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a server that is measured from outside.
type process struct {
	*exec.Cmd
	output *bufio.Scanner
}

func start(env []string, name string, args ...string) (*process, error) {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), env...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	return &process{cmd, bufio.NewScanner(out)}, nil
}

// line is the next line that the process writes.
func (p *process) line() (string, error) {
	if !p.output.Scan() {
		return "", errors.Join(io.ErrUnexpectedEOF, p.output.Err())
	}
	return p.output.Text(), nil
}

// stop asks the process to end and waits until it has.
func (p *process) stop() {
	_ = p.Process.Signal(syscall.SIGTERM)
	for p.output.Scan() { // a full pipe would hold it up
	}
	_ = p.Wait()
}

// cpu is the processor time that the process has used, user and system.
func (p *process) cpu() (time.Duration, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, found := strings.Cut(string(data), ") ")
	fields := strings.Fields(rest)
	if !found || len(fields) < 13 {
		return 0, fmt.Errorf("process times: %q is not understood", data)
	}
	user, err1 := strconv.ParseInt(fields[11], 10, 64)
	system, err2 := strconv.ParseInt(fields[12], 10, 64)
	const tick = 10 * time.Millisecond // USER_HZ is 100 wherever Linux runs Go
	return time.Duration(user+system) * tick, errors.Join(err1, err2)
}

// memory is what the process holds in memory, in bytes.
func (p *process) memory() (int64, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.Process.Pid))
	if err != nil {
		return 0, err
	}
	for _, line := range strings.Split(string(data), "\n") {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return kb * 1024, err
		}
	}
	return 0, fmt.Errorf("memory of process %d is not told", p.Process.Pid)
}
