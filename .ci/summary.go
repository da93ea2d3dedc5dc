// Summary reads what "go test -json" prints, shows a line per package and all of
// what failed, and ends with "N passed, N failed". It fails when a test did.
//
// Tests that failed are tried once more, by themselves, as the browser tests are: on a
// busy machine a test that waits for something may have waited too little. Those that
// pass then are shown and counted as flaky. A data race is no such case.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
)

type event struct {
	Action, Package, ImportPath, Test, Output string
	Elapsed                                   float64
}

// report is what is known of a package.
type report struct {
	failed int      // tests, and parts of them
	tests  []string // those at the top
	final  bool     // it does not help to try again
}

func main() {
	passed := 0
	said, reports := map[string]*strings.Builder{}, map[string]*report{}
	lines := bufio.NewReader(os.Stdin)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e) != nil {
				fmt.Print(string(line)) // not JSON: the go command itself complains
				continue
			}
			key := e.Package + e.ImportPath + "\x00" + e.Test
			switch e.Action {
			case "output", "build-output":
				if said[key] == nil {
					said[key] = &strings.Builder{}
				}
				said[key].WriteString(e.Output)
			case "pass", "skip":
				if e.Test == "" {
					fmt.Printf("ok    %-28s %.1fs\n", e.Package, e.Elapsed)
				} else if e.Action == "pass" {
					passed++
				}
				delete(said, key)
			case "fail", "build-fail":
				text := ""
				if said[key] != nil {
					text = said[key].String()
				}
				noteFailure(reports, e, text)
				fmt.Print(text)
				if e.Test == "" {
					fmt.Printf("FAIL  %-28s %.1fs\n", e.Package+e.ImportPath, e.Elapsed)
				}
			}
		}
		if err != nil {
			break
		}
	}
	failed, flaky := tryAgain(reports)
	if flaky > 0 {
		fmt.Printf("%d flaky\n", flaky)
	}
	fmt.Printf("%d passed, %d failed\n", passed, failed)
	if failed > 0 || passed == 0 {
		os.Exit(1)
	}
}

func noteFailure(reports map[string]*report, e event, text string) {
	r := reports[e.Package]
	if r == nil {
		r = &report{}
		reports[e.Package] = r
	}
	r.final = r.final || strings.Contains(text, "DATA RACE") || strings.Contains(text, "panic: ")
	if e.Test == "" {
		if r.failed == 0 { // it fails by itself and not because of a test
			r.failed, r.final = 1, true
		}
		return
	}
	r.failed++
	if top, _, _ := strings.Cut(e.Test, "/"); !slices.Contains(r.tests, top) {
		r.tests = append(r.tests, top)
	}
}

// tryAgain runs what failed once more and counts what is left and what passed then.
func tryAgain(reports map[string]*report) (failed, flaky int) {
	for name, r := range reports {
		if r.final || len(r.tests) > 10 {
			failed += r.failed
			continue
		}
		fmt.Printf("again %s: %s\n", name, strings.Join(r.tests, ", "))
		out, err := exec.Command("go", "test", "-count=1", "-timeout", "15m", "-run", "^("+strings.Join(r.tests, "|")+")$", name).CombinedOutput()
		if err != nil {
			fmt.Print(string(out))
			failed += r.failed
			continue
		}
		flaky += r.failed
	}
	return failed, flaky
}
