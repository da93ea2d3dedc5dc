package curl

// Words are the words of a command line; nil when it is wrong.
func Words(src string) (list []string) {
	words, _, err := split(src)
	if err != nil {
		return nil
	}
	for _, w := range words {
		list = append(list, w.text)
	}
	return list
}
