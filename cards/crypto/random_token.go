package crypto

import (
	"context"
	"crypto/rand"
	"math/big"
	"slices"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type randomTokenInput struct {
	Length     int    `json:"length" default:"32" min:"1" max:"4096" help:"How many characters it has."`
	Characters string `json:"characters" default:"letters_digits" options:"letters_digits=Letters and digits|readable=Letters and digits that nobody confuses|digits=Digits|custom=My own" form:"fixed" help:"What it is made of."`
	Custom     string `json:"custom" label:"My characters" when:"characters=custom" form:"required" placeholder:"ABCDEF0123456789" help:"Each character that may come, once."`
}

type randomTokenOutput struct {
	Token string `json:"token" help:"The token."`
}

var alphabets = map[string]string{
	"letters_digits": "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
	"readable":       "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789",
	"digits":         "0123456789",
}

// RandomToken draws a token.
var RandomToken = cards.NewFunction(cards.Spec{
	Name:     "crypto.random_token",
	Title:    "Random Token",
	Category: category,
	Family:   cards.FamilyData,
	Icon:     "key",
	Summary:  "Draws a token or a password by chance that is good for secrets.",
	Varies:   true,
	Doc: "Puts out characters that nobody can guess; each is as likely as the others.\n\n" +
		"- 32 letters and digits are 190 bits of chance; 16 are enough for a first password.\n" +
		"- It shows in the history of runs, as all outputs do; turn saving data off for a flow that makes passwords.",
	Keywords: []string{"random", "token", "password", "code", "pin", "secret", "generate"},
	Examples: []cards.Example{{
		Title: "A code of one digit that there is",
		In:    schema.Values{"length": 6, "characters": "custom", "custom": "7"},
		Out:   schema.Values{"token": "777777"},
	}, {
		Title: "A token",
		In:    schema.Values{},
	}, {
		Title: "Of no characters",
		In:    schema.Values{"characters": "custom"},
		Err:   cards.CodeInvalidInput,
	}},
}, func(_ context.Context, _ cards.Env, in randomTokenInput) (randomTokenOutput, error) {
	alphabet := []rune(alphabets[in.Characters])
	if in.Characters == "custom" {
		alphabet = []rune(in.Custom)
	}
	sorted := slices.Sorted(slices.Values(alphabet))
	if len(slices.Compact(sorted)) != len(alphabet) {
		return randomTokenOutput{}, schema.Problems{{Field: "custom", Message: "has a character twice; each may be there once, to be as likely as the others"}}
	}
	token, most := make([]rune, in.Length), big.NewInt(int64(len(alphabet)))
	for i := range token {
		n, err := rand.Int(rand.Reader, most)
		if err != nil {
			return randomTokenOutput{}, err
		}
		token[i] = alphabet[n.Int64()]
	}
	return randomTokenOutput{string(token)}, nil
})
