// Package xml holds the cards that read and write XML.
//
// They turn text into objects and back by one mapping, and refuse whatever of XML
// reaches outside of its text: they load nothing and expand nothing.
package xml
