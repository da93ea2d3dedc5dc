// Summary reads what "go test -json" prints, shows a line per package and all of
// what failed, and ends with "N passed, N failed". It fails when a test did.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

type event struct {
	Action, Package, ImportPath, Test, Output string
	Elapsed                                   float64
}

func main() {
	var passed, failed int
	said, broken := map[string]*strings.Builder{}, map[string]bool{}
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
				if e.Test != "" || !broken[e.Package] { // a package fails because of its tests, or by itself
					failed++
				}
				broken[e.Package] = true
				if said[key] != nil {
					fmt.Print(said[key].String())
				}
				if e.Test == "" {
					fmt.Printf("FAIL  %-28s %.1fs\n", e.Package+e.ImportPath, e.Elapsed)
				}
			}
		}
		if err != nil {
			break
		}
	}
	fmt.Printf("%d passed, %d failed\n", passed, failed)
	if failed > 0 || passed == 0 {
		os.Exit(1)
	}
}
