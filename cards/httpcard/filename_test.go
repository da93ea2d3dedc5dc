package httpcard

import (
	"net/url"
	"testing"
)

func TestFileNamesAsServersSayThem(t *testing.T) {
	from, _ := url.Parse("https://example.com/download.php")
	for disposition, want := range map[string]string{
		`attachment; filename="Report 2024.pdf"`:                       "Report 2024.pdf",
		`attachment; filename=Report 2024.pdf`:                         "Report 2024.pdf",
		`attachment; filename=Rechnung (3).pdf; size=7`:                "Rechnung (3).pdf",
		`attachment; filename=Übersicht.csv`:                           "Übersicht.csv",
		`attachment; filename=a,b.csv; filename*=UTF-8''a%2Cb%20c.csv`: "a,b.csv",
		`attachment; filename="x.csv"; filename*=UTF-8''%E2%82%AC.csv`: "€.csv",
		`attachment; filename="a.csv"; filename="b.csv"`:               "a.csv",
		`filename="only.csv"`:                                          "only.csv",
		`attachment; filename=../../etc/pass wd`:                       "pass wd",
		`attachment; notfilename=a b.csv`:                              "download.php",
		`attachment`:                                                   "download.php",
		``:                                                             "download.php",
	} {
		if got := fileName(disposition, from); got != want {
			t.Errorf("%s = %q, want %q", disposition, got, want)
		}
	}
}
