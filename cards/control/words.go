package control

// comparing is what the help of every card with conditions says about them.
const comparing = "" +
	"- Values are not converted. A number and text are compared as numbers when the text is a number written out, such as `200`.\n" +
	"- **equals** compares numbers by value and text exactly: `Maya` is not `maya`. True is not the text `true`; use **is true**. Nothing equals empty text.\n" +
	"- **is greater than** and the like compare numbers with numbers and text with text. Two texts that are both numbers are compared as numbers, others letter by letter. Anything else fails the card with `invalid_input`.\n" +
	"- **is one of** takes a list, or names with commas between them. **matches** takes a regular expression (RE2); it may match anywhere, so begin with ^ and end with $ to match all.\n" +
	"- **Groups** are brackets: the conditions of a group are joined in their own way and count as one."

// more points to where conditions are explained, for cards with other things to say.
const more = "\n- Conditions are compared as in **If / Else**."
