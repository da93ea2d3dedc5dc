package expr

// decode reads JSON text without templates, keeping the digits of numbers.
func decode(src string) (any, error) {
	p := jsonParser{src: src, literal: true}
	n, err := p.document()
	if err != nil {
		return nil, err
	}
	return n.constant, nil
}
