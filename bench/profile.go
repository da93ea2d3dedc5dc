package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
)

// record has `perf` look into a process, into file, until stop is called.
func record(p *process, file string) (stop func() error, err error) {
	cmd := exec.Command("perf", "record", "-q", "-F", "999", "-g", "-o", file, "-p", strconv.Itoa(p.Process.Pid))
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start perf: %w", err)
	}
	return func() error {
		if err := cmd.Process.Signal(os.Interrupt); err != nil {
			return fmt.Errorf("stop perf: %w", err)
		}
		err := cmd.Wait()
		var interrupted *exec.ExitError
		if errors.As(err, &interrupted) { // perf ends by the signal that stops it
			return nil
		}
		return err
	}, nil
}
