package crypto

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type uuidInput struct {
	Version string `json:"version" default:"v4" options:"v4=4: chance alone|v7=7: in the order of time" form:"fixed" help:"Version 7 begins with the time, so that databases keep it in order."`
}

type uuidOutput struct {
	UUID string `json:"uuid" label:"UUID" help:"The identifier, such as 0198c2b6-4f0e-7c1a-9d3e-5b7a1c2d3e4f."`
}

// UUID makes an identifier that nobody else makes.
var UUID = cards.NewFunction(cards.Spec{
	Name:     "crypto.uuid",
	Title:    "UUID",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "id-card",
	Summary:  "Makes an identifier that nobody else makes.",
	Varies:   true,
	Doc: "Puts out a new UUID (RFC 9562) each time, drawn by chance that is good for secrets.\n\n" +
		"- Version 4 is 122 bits of chance. Version 7 is the time in milliseconds and 74 bits of chance.\n" +
		"- An identifier is no password: it shows in the history of runs.",
	Keywords: []string{"uuid", "guid", "id", "unique", "identifier", "random"},
	Examples: []cards.Example{{
		Title: "By chance",
		In:    schema.Values{},
	}, {
		Title: "In the order of time",
		In:    schema.Values{"version": "v7"},
	}, {
		Title: "A version that is not made",
		In:    schema.Values{"version": "v1"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, env cards.Env, in uuidInput) (uuidOutput, error) {
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		return uuidOutput{}, err
	}
	version := byte(4)
	if in.Version == "v7" {
		version = 7
		var ms [8]byte
		binary.BigEndian.PutUint64(ms[:], uint64(env.Now().UnixMilli()))
		copy(b[:6], ms[2:])
	}
	b[6] = b[6]&0x0f | version<<4
	b[8] = b[8]&0x3f | 0x80
	s := hex.EncodeToString(b[:])
	return uuidOutput{s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]}, nil
})
