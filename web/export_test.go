package web

// UnseeImports has the ends of all imports as if their pages had been left before.
func (s *Server) UnseeImports() {
	s.imports.mu.Lock()
	defer s.imports.mu.Unlock()
	for _, i := range s.imports.of {
		i.seen = false
	}
}
