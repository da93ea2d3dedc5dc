package crypto

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

func unhex(t *testing.T, digits string) []byte {
	t.Helper()
	data, err := hex.DecodeString(digits)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func fileOf(data []byte) schema.Values {
	return schema.Values{"name": "a.bin", "base64": base64.StdEncoding.EncodeToString(data), "size": len(data)}
}

// TestDecryptReadsWhatOthersEncrypted takes the test cases for 256-bit keys of McGrew and
// Viega, The Galois/Counter Mode of Operation, appendix B.
func TestDecryptReadsWhatOthersEncrypted(t *testing.T) {
	const long = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"
	for _, c := range []struct{ name, key, nonce, plain, additional, sealed string }{
		{"13", strings.Repeat("00", 32), strings.Repeat("00", 12), "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
		{"14", strings.Repeat("00", 32), strings.Repeat("00", 12), strings.Repeat("00", 16), "", "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"},
		{"16", long, "cafebabefacedbaddecaf888",
			"d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
			"feedfacedeadbeeffeedfacedeadbeefabaddad2",
			"522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b"},
	} {
		in := schema.Values{"encrypted": base64.StdEncoding.EncodeToString(unhex(t, "01"+c.nonce+c.sealed)), "key": c.key, "digest": "hex"}
		if c.additional != "" {
			in["additional"] = fileOf(unhex(t, c.additional))
		}
		if got := call(t, Decrypt, in)["data"]; got != c.plain {
			t.Errorf("test case %s is %v, want %s", c.name, got, c.plain)
		}
	}
}

func TestWhatIsEncryptedComesBack(t *testing.T) {
	key := unhex(t, exampleKey)
	for _, c := range []struct{ encrypt, decrypt schema.Values }{
		{schema.Values{"key": exampleKey}, schema.Values{"key": base64.StdEncoding.EncodeToString(key)}},
		{schema.Values{"key": base64.RawURLEncoding.EncodeToString(key), "additional": "customer 1"}, schema.Values{"key": " " + strings.ToUpper(exampleKey) + "\n", "additional": "customer 1"}},
		{schema.Values{"key": "zwölf Boxkämpfer", "key_kind": "passphrase"}, schema.Values{"key": "zwölf Boxkämpfer", "key_kind": "passphrase"}},
	} {
		for _, text := range []string{"", "maya@acme.io", "Grüße 😀"} {
			if text == "" && c.encrypt["key_kind"] != nil {
				continue // slow on purpose, and once is enough
			}
			c.encrypt["data"] = text
			c.decrypt["encrypted"] = call(t, Encrypt, c.encrypt)["encrypted"]
			if got := call(t, Decrypt, c.decrypt)["data"]; got != text {
				t.Errorf("%q comes back as %q", text, got)
			}
		}
	}
	in := schema.Values{"data": fileOf([]byte{0xff, 0, 0xfe}), "key": exampleKey}
	one, two := call(t, Encrypt, in)["encrypted"], call(t, Encrypt, in)["encrypted"]
	if one == two {
		t.Error("the same data is encrypted alike twice")
	}
	if got := call(t, Decrypt, schema.Values{"encrypted": one, "key": exampleKey, "digest": "base64"})["data"]; got != "/wD+" {
		t.Errorf("a file comes back as %v", got)
	}
	wantError(t, Decrypt, schema.Values{"encrypted": one, "key": exampleKey}, cards.CodeInvalidInput, "choose Base64")
}

func wantError(t *testing.T, c cards.Card, in schema.Values, code, says string) {
	t.Helper()
	out, err := c.Call(t.Context(), cards.Env{}, in)
	if e := cards.ErrorOf(err); e == nil || e.Code != code || !strings.Contains(e.Message, says) {
		t.Errorf("%s = %v, %v, want %s: … %s", c.Name, out, err, code, says)
	}
}

// TestNoBitOfEncryptedTextCanBeChanged turns every bit, and cuts at every byte.
func TestNoBitOfEncryptedTextCanBeChanged(t *testing.T) {
	whole := unhex(t, "01"+strings.Repeat("00", 12)+"cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919")
	in := schema.Values{"key": strings.Repeat("00", 32), "digest": "hex"}
	code := func(data []byte) string {
		in["encrypted"] = base64.StdEncoding.EncodeToString(data)
		_, err := Decrypt.Call(t.Context(), cards.Env{}, in)
		if err == nil {
			return ""
		}
		return cards.ErrorOf(err).Code
	}
	for i := range 8 * len(whole) {
		data := []byte(string(whole))
		data[i/8] ^= 1 << (i % 8)
		want := cards.CodeDecryptFailed
		switch {
		case data[0] == byPassphrase:
			want = cards.CodeInvalidInput
		case i < 8:
			want = cards.CodeNotEncrypted
		}
		if got := code(data); got != want {
			t.Errorf("with bit %d turned: %q, want %s", i, got, want)
		}
	}
	for n := range whole {
		want := cards.CodeDecryptFailed
		switch {
		case n == 0:
			want = cards.CodeInvalidInput // nothing was given
		case n < 1+nonceBytes+tagBytes:
			want = cards.CodeNotEncrypted
		}
		if got := code(whole[:n]); got != want {
			t.Errorf("cut after %d bytes: %q, want %s", n, got, want)
		}
	}
}

func TestWhatCannotBeDecryptedSaysWhy(t *testing.T) {
	byKey, byWords := Decrypt.Examples[0].In["encrypted"], Decrypt.Examples[1].In["encrypted"]
	words := byWords.(string)
	for _, c := range []struct {
		in         schema.Values
		code, says string
	}{
		{schema.Values{"encrypted": byKey, "key": exampleKey, "additional": "x"}, cards.CodeDecryptFailed, "this key and this additional data"},
		{schema.Values{"encrypted": byWords, "key": "correct horse battery staple", "key_kind": "passphrase"}, cards.CodeDecryptFailed, "this passphrase"},
		{schema.Values{"encrypted": byWords, "key": exampleKey}, cards.CodeInvalidInput, "key_kind: does not fit: the text was encrypted with a passphrase"},
		{schema.Values{"encrypted": byKey, "key": "correct", "key_kind": "passphrase"}, cards.CodeInvalidInput, "key_kind: does not fit: the text was encrypted with a key"},
		{schema.Values{"encrypted": words[:20], "key": "correct", "key_kind": "passphrase"}, cards.CodeNotEncrypted, "too short"},
		{schema.Values{"encrypted": words[:40], "key": "correct", "key_kind": "passphrase"}, cards.CodeNotEncrypted, "too short"},
		{schema.Values{"encrypted": "what?", "key": exampleKey}, cards.CodeNotEncrypted, "not Base64"},
		{schema.Values{"encrypted": "U2FsdGVkX18=", "key": exampleKey}, cards.CodeNotEncrypted, "does not begin"},
		{schema.Values{"encrypted": byKey, "key": exampleKey[2:]}, cards.CodeInvalidInput, "key: must be 32 bytes"},
		{schema.Values{"encrypted": byKey, "key": strings.Repeat("x", 64)}, cards.CodeInvalidInput, "key: must be 32 bytes"},
	} {
		wantError(t, Decrypt, c.in, c.code, c.says)
	}
	if !cards.Matches(cards.CodeDecryptFailed, cards.CodeNotEncrypted) {
		t.Error("decrypt_failed does not catch not_encrypted")
	}
	wantError(t, Encrypt, schema.Values{"data": strings.Repeat("x", 8<<20), "key": exampleKey}, cards.CodeLimit, "encrypted: is 10.7 MiB long")
}
