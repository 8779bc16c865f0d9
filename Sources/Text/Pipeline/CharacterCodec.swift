/// Characters as tokens: models whose configuration lists them.
struct CharacterCodec: TokenCodec {
    let table: TokenTable
    let specials: Set<Int>
    let unknown: Int

    func encode(_ text: Substring, _ body: (_ id: Int, _ piece: () -> String) -> Void) {
        for scalar in text.unicodeScalars {
            let id = table.id(of: String(scalar)).flatMap { specials.contains($0) ? nil : $0 }
            body(id ?? unknown) { String(scalar) }
        }
    }

    func decode(_ ids: [Int]) -> String {
        ids.filter { !specials.contains($0) }.compactMap { table.token(of: $0) }.joined()
    }
}
