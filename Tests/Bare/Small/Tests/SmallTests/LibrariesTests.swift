import Libraries
import Testing

@Test func `the libraries answer`() { #expect(vocabularySize() == 0) }
