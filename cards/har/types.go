package har

// The names are those of the HAR 1.2 format.

type named struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type page struct {
	Started string      `json:"startedDateTime"`
	ID      string      `json:"id"`
	Title   string      `json:"title"`
	Timings pageTimings `json:"pageTimings"`
}

type pageTimings struct {
	OnContentLoad float64 `json:"onContentLoad"`
	OnLoad        float64 `json:"onLoad"`
}

type entry struct {
	Page     string   `json:"pageref"`
	Started  string   `json:"startedDateTime"`
	Time     float64  `json:"time"` // ms, the sum of the timings
	Request  request  `json:"request"`
	Response response `json:"response"`
	Cache    struct{} `json:"cache"`
	Timings  timings  `json:"timings"`
	Server   string   `json:"serverIPAddress,omitempty"`
	Comment  string   `json:"comment,omitempty"`
}

type request struct {
	Method      string   `json:"method"`
	URL         string   `json:"url"`
	Version     string   `json:"httpVersion"`
	Cookies     []cookie `json:"cookies"`
	Headers     []pair   `json:"headers"`
	Query       []pair   `json:"queryString"`
	Post        *post    `json:"postData,omitempty"`
	HeadersSize int64    `json:"headersSize"` // -1: not known
	BodySize    int64    `json:"bodySize"`
}

type response struct {
	Status      int      `json:"status"` // 0: no answer came
	StatusText  string   `json:"statusText"`
	Version     string   `json:"httpVersion"`
	Cookies     []cookie `json:"cookies"`
	Headers     []pair   `json:"headers"`
	Content     content  `json:"content"`
	Redirect    string   `json:"redirectURL"`
	HeadersSize int64    `json:"headersSize"`
	BodySize    int64    `json:"bodySize"`
}

// cookie is never filled: cookies are masked whole, in their header.
type cookie struct{}

type pair struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type param struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type post struct {
	Type    string  `json:"mimeType"`
	Params  []param `json:"params"`
	Text    string  `json:"text"`
	Comment string  `json:"comment,omitempty"`
}

type content struct {
	Size     int64  `json:"size"`
	Type     string `json:"mimeType"`
	Text     string `json:"text,omitempty"`
	Encoding string `json:"encoding,omitempty"`
	Comment  string `json:"comment,omitempty"`
}

// timings are in ms; -1: does not apply. Connect holds SSL.
type timings struct {
	Blocked float64 `json:"blocked"`
	DNS     float64 `json:"dns"`
	Connect float64 `json:"connect"`
	Send    float64 `json:"send"`
	Wait    float64 `json:"wait"`
	Receive float64 `json:"receive"`
	SSL     float64 `json:"ssl"`
}
