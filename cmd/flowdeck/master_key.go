package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"flowdeck/connectors"
)

// keySettings say where the key is that seals connections.
type keySettings struct {
	MasterKeyFile string   `placeholder:"FILE" help:"File of the key that seals connections. It is made at the first start. Empty: master.key in the data folder."`
	MasterKey     string   `placeholder:"BASE64" help:"That key itself, 32 bytes in base64, instead of a file. Give it by the environment, not on the command line."`
	MasterKeyOld  []string `placeholder:"BASE64" help:"Keys beside --master-key that also open what they sealed, while the key is being changed; separated by commas."`
}

// path is the file of the master key; "" when the key is given itself.
func (k keySettings) path(data string) string {
	if k.MasterKey != "" {
		return ""
	}
	return cmp.Or(k.MasterKeyFile, filepath.Join(data, "master.key"))
}

// keys are the master keys, the current one first.
func (k keySettings) keys(data string) ([][]byte, error) {
	path := k.path(data)
	if path == "" {
		var list [][]byte
		for _, text := range append([]string{k.MasterKey}, k.MasterKeyOld...) {
			key, err := connectors.ParseKey(text)
			if err != nil {
				return nil, err
			}
			list = append(list, key)
		}
		return list, nil
	}
	if len(k.MasterKeyOld) > 0 {
		return nil, errors.New("--master-key-old goes with --master-key; a file keeps its old key itself")
	}
	if _, err := os.Stat(filepath.Dir(path)); err != nil {
		return nil, fmt.Errorf("--master-key-file: %w", err)
	}
	return connectors.LoadOrCreateKeys(path)
}

// vault opens with the master keys, and reads them again when their file was changed.
func (k keySettings) vault(data string) (*connectors.Vault, [][]byte, error) {
	keys, err := k.keys(data)
	if err != nil {
		return nil, nil, err
	}
	v, err := connectors.NewVault(keys[0], keys[1:]...)
	if err == nil && k.path(data) != "" {
		v.Watch(func() ([][]byte, error) { return k.keys(data) })
	}
	return v, keys, err
}
