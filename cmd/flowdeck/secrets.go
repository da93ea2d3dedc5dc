package main

import (
	"context"
	"errors"
	"fmt"

	"flowdeck/connectors"
	"flowdeck/flows/store"
)

// secret opens a secret that a flow mentions.
func (p *program) secret(ctx context.Context, name string) (string, error) {
	v, err := p.store.SecretOf(ctx, name)
	if err != nil {
		return "", err
	}
	return p.vault.OpenSecret(sealedSecret(v))
}

func sealedSecret(v store.Variable) connectors.NamedSecret {
	return connectors.NamedSecret{Env: v.Env, Name: v.Name, Sealed: v.Sealed, Key: v.Key}
}

// rewrapSecrets wraps the data keys of secrets with the current master key.
func rewrapSecrets(ctx context.Context, st *store.Store, vault *connectors.Vault) (n int, err error) {
	list, err := st.Variables(ctx)
	if err != nil {
		return 0, err
	}
	for _, v := range list {
		if !v.Secret {
			continue
		}
		sealed := sealedSecret(v)
		changed, err := vault.RewrapSecret(&sealed)
		switch {
		case errors.Is(err, connectors.ErrSealed):
			return n, fmt.Errorf("the secret %s was sealed with a key that is not there: delete it, or bring that key back: %w", v.Name, err)
		case err != nil:
			return n, err
		case !changed:
			continue
		}
		if err := st.RewrapVariable(ctx, v, sealed.Key); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
