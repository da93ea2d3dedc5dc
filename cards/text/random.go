package text

import (
	"crypto/rand"
	"math/big"

	"flowdeck/cards"
	"flowdeck/cards/schema"
)

type randomInput struct {
	Length     int    `json:"length" form:"required" default:"16" min:"1" max:"10000" help:"How many characters."`
	From       string `json:"from" label:"Made of" default:"letters_digits" options:"letters_digits=letters and digits|letters=letters|digits=digits|lower_digits=small letters and digits|hex=hexadecimal digits|readable=letters and digits that look different|characters=these characters" form:"fixed" help:"What the text is made of."`
	Characters string `json:"characters" when:"from=characters" form:"required" help:"Every character here is as likely as any other; one that is here twice is twice as likely."`
}

const (
	digits   = "0123456789"
	small    = "abcdefghijklmnopqrstuvwxyz"
	capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

var alphabets = map[string]string{
	"letters_digits": capitals + small + digits,
	"letters":        capitals + small,
	"digits":         digits,
	"lower_digits":   small + digits,
	"hex":            digits + "abcdef",
	"readable":       "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789",
}

// Random makes text that nobody can guess.
var Random = declare(cards.Spec{
	Name:    "text.random",
	Title:   "Random",
	Icon:    "shuffle",
	Summary: "Makes random text.",
	Varies:  true,
	Doc: "Puts out random characters, from the generator that keys are made with: every one is as likely as any other.\n\n" +
		"- A flow that goes on after an interruption keeps the text that it had. Trying again makes a new one.\n" +
		"- The text is stored with the run, as every output is.",
	Keywords: []string{"text", "random", "password", "code", "token", "generate", "characters"},
	Examples: []cards.Example{{
		Title: "Only one text is possible",
		In:    schema.Values{"length": 3, "from": "characters", "characters": "z"},
		Out:   schema.Values{"text": "zzz"},
	}, {
		Title: "A code of six digits",
		In:    schema.Values{"length": 6, "from": "digits"},
	}, {
		Title: "Not more than 10,000",
		In:    schema.Values{"length": 1000000},
		Err:   cards.CodeInvalidInput,
	}},
}, func(in randomInput) (textOutput, error) {
	from := []rune(alphabets[in.From])
	if in.From == "characters" {
		from = []rune(in.Characters)
	}
	text := make([]rune, in.Length)
	for i := range text {
		text[i] = from[below(len(from))]
	}
	return textOutput{string(text)}, nil
})

// below returns a random number from 0 to n-1, each as likely as the others.
func below(n int) int {
	i, err := rand.Int(rand.Reader, big.NewInt(int64(n)))
	if err != nil {
		panic(err) // the generator of the system does not fail
	}
	return int(i.Int64())
}
