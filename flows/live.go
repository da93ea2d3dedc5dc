package flows

import "encoding/json"

// Live reports whether a version of the flow answers calls.
func (f Flow) Live() bool { return f.On && f.Version > 0 }

// LiveChange reports whether becoming next changes how the flow answers now, without
// being published: the alias and the settings of a live flow take effect at once.
func (f Flow) LiveChange(next Flow) (bool, error) {
	if !f.Live() || f.Alias != next.Alias {
		return f.Live(), nil
	}
	was, err := json.Marshal(f.Settings)
	if err != nil {
		return false, err
	}
	is, err := json.Marshal(next.Settings)
	return string(was) != string(is), err
}
