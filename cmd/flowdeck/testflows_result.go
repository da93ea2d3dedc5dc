package main

import (
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// sayResults prints the results for people.
func sayResults(w io.Writer, results []tested, failed int) {
	flow := ""
	for _, r := range results {
		if r.Flow != flow {
			flow = r.Flow
			fmt.Fprintln(w, flow)
		}
		word := "ok  "
		if !r.Result.Passed {
			word = "FAIL"
		}
		fmt.Fprintf(w, "  %s  %s (%d requests, %s)\n", word, r.Test, r.Result.Requests, r.Result.Took.Round(time.Millisecond))
		for _, f := range r.Result.Failures {
			fmt.Fprintln(w, "        "+f.Text)
			if f.Want != "" || f.Got != "" {
				fmt.Fprintln(w, "          expected: "+indented(f.Want))
				fmt.Fprintln(w, "          got:      "+indented(f.Got))
			}
		}
	}
	if len(results) == 0 {
		fmt.Fprintln(w, "There are no tests.")
		return
	}
	fmt.Fprintf(w, "%d passed, %d failed\n", len(results)-failed, failed)
}

func indented(s string) string { return strings.ReplaceAll(s, "\n", "\n                    ") }

type junitSuite struct {
	XMLName  xml.Name    `xml:"testsuite"`
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Time    string        `xml:"time,attr"`
	Failure *junitFailure `xml:"failure"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// writeJUnit writes the results as the XML that build servers read.
func writeJUnit(path string, results []tested) error {
	suite := junitSuite{Name: "flowdeck", Tests: len(results)}
	for _, r := range results {
		c := junitCase{Class: r.Flow, Name: r.Test, Time: fmt.Sprintf("%.3f", r.Result.Took.Seconds())}
		if !r.Result.Passed {
			suite.Failures++
			var text []string
			for _, f := range r.Result.Failures {
				text = append(text, f.Text+"\nexpected: "+f.Want+"\ngot: "+f.Got)
			}
			c.Failure = &junitFailure{Message: r.Result.Failures[0].Text, Text: strings.Join(text, "\n\n")}
		}
		suite.Cases = append(suite.Cases, c)
	}
	data, err := xml.MarshalIndent(suite, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append([]byte(xml.Header), append(data, '\n')...), 0o644)
}
