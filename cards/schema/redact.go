package schema

// Redacted is what stands in the place of a secret.
const Redacted = "••••"

// Redact returns v with every secret field blanked, for history and logs. It
// copies only what it changes.
func (f Form) Redact(v Values) Values {
	if v == nil || !f.hasSecret() {
		return v
	}
	r := make(Values, len(v))
	for k, x := range v {
		r[k] = x
	}
	for i := range f.Fields {
		x := &f.Fields[i]
		if val, there := r[x.Name]; there {
			r[x.Name] = x.redact(val)
		}
	}
	return r
}

func (x *Field) redact(val any) any {
	if x.Secret {
		return Redacted
	}
	switch v := val.(type) {
	case map[string]any:
		return x.Members.Redact(v)
	case []any:
		if !x.Members.hasSecret() {
			return v
		}
		r := make([]any, len(v))
		for i, e := range v {
			r[i] = e
			if m, ok := e.(map[string]any); ok {
				r[i] = x.Members.Redact(m)
			}
		}
		return r
	}
	return val
}

func (f *Form) hasSecret() bool {
	if f.plan != nil {
		return f.plan.secret
	}
	return f.declaresSecret()
}

func (f *Form) declaresSecret() bool {
	for i := range f.Fields {
		if f.Fields[i].Secret || f.Fields[i].Members.hasSecret() {
			return true
		}
	}
	return false
}
