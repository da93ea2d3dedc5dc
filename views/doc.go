// Package views holds the pages and the parts of pages as templ components, and
// the models they show. A component takes one model and calls nothing: no
// store, no flow, no clock. Whoever answers a request fills the model.
package views
