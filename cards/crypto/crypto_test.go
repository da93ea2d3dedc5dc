package crypto

import (
	"encoding/base64"
	"encoding/hex"
	"regexp"
	"strings"
	"testing"
	"time"

	"flowdeck/cards"
	"flowdeck/cards/cardtest"
	"flowdeck/cards/schema"
)

func TestExamples(t *testing.T) {
	cardtest.Run(t, cardtest.World(), Hash, HMAC, HMACVerify, Encrypt, Decrypt, Sign, Verify, UUID, RandomBytes, RandomToken)
}

func call(t *testing.T, c cards.Card, in schema.Values) schema.Values {
	t.Helper()
	out, err := c.Call(t.Context(), cards.Env{Now: func() time.Time { return cardtest.Now }}, in)
	if err != nil {
		t.Fatalf("%s = %v", c.Name, err)
	}
	return out
}

// TestEveryAlgorithm holds each hash of "abc" against FIPS 180-4, FIPS 202 and RFC 1321.
func TestEveryAlgorithm(t *testing.T) {
	want := map[string]string{
		"md5":      "900150983cd24fb0d6963f7d28e17f72",
		"sha1":     "a9993e364706816aba3e25717850c26c9cd0d89d",
		"sha224":   "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",
		"sha256":   "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
		"sha384":   "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
		"sha512":   "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
		"sha3_256": "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
		"sha3_384": "ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b298d88cea927ac7f539f1edf228376d25",
		"sha3_512": "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0",
	}
	field, _ := Hash.Inputs.Field("algorithm")
	for _, o := range field.Options {
		if got := call(t, Hash, schema.Values{"data": "abc", "algorithm": o.Value})["hash"]; got != want[o.Value] {
			t.Errorf("%s of abc is %v, want %s", o.Label, got, want[o.Value])
		}
	}
	if len(field.Options) != len(want) {
		t.Errorf("%d algorithms are offered, want %d", len(field.Options), len(want))
	}
}

func TestKeysAreNotShown(t *testing.T) {
	for _, c := range []cards.Card{Encrypt, Decrypt, Sign, Verify} {
		in := schema.Values{"data": "abc", "key": "hunter2hunter2", "encrypted": "ARAhMkNUZXaHmKm6yytuHt2ahzBMOuOtLomCyhubEYDD1grriSHhwwM=", "signature": "00"}
		for name := range in {
			if _, has := c.Inputs.Field(name); !has {
				delete(in, name)
			}
		}
		if kept := c.Inputs.Redact(in); kept["key"] != schema.Redacted {
			t.Errorf("%s keeps the key %v", c.Name, kept["key"])
		}
		_, err := c.Call(t.Context(), cards.Env{}, in)
		if e := cards.ErrorOf(err); e == nil || e.Code != cards.CodeInvalidInput || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s with a broken key = %v, want invalid_input without the key", c.Name, err)
		}
	}
	for _, c := range []cards.Card{HMAC, HMACVerify} {
		in := schema.Values{"data": "abc", "key": "hunter2hunter2", "hmac": "00"}
		if c.Name == "crypto.hmac" {
			delete(in, "hmac")
		}
		if kept := c.Inputs.Redact(in); kept["key"] != schema.Redacted {
			t.Errorf("%s keeps the key %v", c.Name, kept["key"])
		}
		in["key_format"] = "hex"
		_, err := c.Call(t.Context(), cards.Env{}, in)
		if e := cards.ErrorOf(err); e == nil || e.Code != cards.CodeInvalidInput || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s with a broken key = %v, want invalid_input without the key", c.Name, err)
		}
	}
}

func TestCodesAreFoundRightAndWrong(t *testing.T) {
	for _, algorithm := range []string{"sha256", "sha512", "sha1"} {
		for _, digest := range []string{"hex", "base64", "base64url"} {
			in := schema.Values{"data": "ping", "key": "k", "algorithm": algorithm}
			code := call(t, HMAC, schema.Values{"data": "ping", "key": "k", "algorithm": algorithm, "digest": digest})["hmac"].(string)
			for _, written := range []string{code, algorithm + "=" + code, " " + code + "\n", "v1=" + code} {
				in["hmac"] = written
				if call(t, HMACVerify, in)["result"] != true {
					t.Errorf("%s in %s is not recognized: %q", algorithm, digest, written)
				}
			}
			in["hmac"] = code[:len(code)-4]
			if call(t, HMACVerify, in)["result"] != false {
				t.Errorf("a part of %s in %s is taken for it", algorithm, digest)
			}
		}
	}
	for _, code := range []string{"=", "sha256=", "x", strings.Repeat("0", 64)} {
		if call(t, HMACVerify, schema.Values{"data": "ping", "key": "k", "hmac": code})["result"] != false {
			t.Errorf("the code %q is taken for the right one", code)
		}
	}
}

func TestUUIDs(t *testing.T) {
	shape := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-([47])[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	seen := map[any]bool{}
	for version, digit := range map[string]string{"v4": "4", "v7": "7"} {
		for range 200 {
			id := call(t, UUID, schema.Values{"version": version})["uuid"].(string)
			if m := shape.FindStringSubmatch(id); m == nil || m[1] != digit || seen[id] {
				t.Fatalf("UUID %s is %s", version, id)
			}
			seen[id] = true
			if version == "v7" && !strings.HasPrefix(id, "019ca8bb-b5c0-7") { // 2026-03-01T09:30:00Z in milliseconds
				t.Fatalf("UUID v7 is %s, which is not of 2026-03-01T09:30:00Z", id)
			}
		}
	}
}

func TestRandomLengths(t *testing.T) {
	for digest, read := range map[string]func(string) ([]byte, error){"hex": hex.DecodeString, "base64": base64.StdEncoding.DecodeString, "base64url": base64.RawURLEncoding.DecodeString} {
		data, err := read(call(t, RandomBytes, schema.Values{"length": 33, "digest": digest})["bytes"].(string))
		if err != nil || len(data) != 33 {
			t.Errorf("33 bytes in %s are %d, %v", digest, len(data), err)
		}
	}
	counts := map[rune]int{}
	for _, r := range call(t, RandomToken, schema.Values{"length": 4096, "characters": "custom", "custom": "aü😀z"})["token"].(string) {
		counts[r]++
	}
	for _, r := range "aü😀z" {
		if counts[r] < 800 || counts[r] > 1250 { // 1024 expected; eight standard deviations are 222
			t.Errorf("%c came %d times of 4096, want about 1024", r, counts[r])
		}
	}
}

func BenchmarkHMAC(b *testing.B) {
	in := schema.Values{"data": "ping", "key": "k"}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := HMAC.Call(b.Context(), cards.Env{}, in); err != nil {
			b.Fatal(err)
		}
	}
}
