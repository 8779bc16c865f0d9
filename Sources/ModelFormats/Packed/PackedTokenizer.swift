internal import Foundation
package import Tensors
package import Text

/// A tokenizer in a packed file, ready to be used where it lies.
package struct PackedTokenizer: Sendable {
    /// The tokens of a side, as `Text.Vocabulary` keeps them, in the order of their ids.
    package struct Tokens: Sendable {
        /// One after the other, in UTF-8.
        package var bytes: Block<UInt8>
        /// Where each ends.
        package var ends: Block<Int32>
        package var ids: Block<Int32>
        /// The hash table by which tokens are found.
        package var slots: Block<Int32>

        package init(bytes: Block<UInt8>, ends: Block<Int32>, ids: Block<Int32>, slots: Block<Int32>) {
            self.bytes = bytes
            self.ends = ends
            self.ids = ids
            self.slots = slots
        }
    }

    /// A SentencePiece model, and the vocabulary's id of each of its pieces.
    package struct Pieces: Sendable {
        package var model: Block<UInt8>
        package var ids: Block<Int32>

        package init(model: Block<UInt8>, ids: Block<Int32>) {
            self.model = model
            self.ids = ids
        }
    }

    /// What a tokenizer of another family than Marian has beside its tokens.
    package struct Hub: Sendable {
        /// A `TokenizerPlan` as JSON.
        package var plan: Block<UInt8>
        package var scores: Block<Double>?
        package var merges: Block<Int32>?
        package var symbols: Tokens?
        package var pieces: Block<UInt8>?
        package var characterMap: Block<UInt8>?
    }

    package var source: Tokens
    /// Nil when both sides have the source's.
    package var target: Tokens?
    /// Both or neither.
    package var sourcePieces: Pieces?
    package var targetPieces: Pieces?
    package var hub: Hub?

    package init(source: Tokens, target: Tokens?, sourcePieces: Pieces?, targetPieces: Pieces?) {
        self.source = source
        self.target = target
        self.sourcePieces = sourcePieces
        self.targetPieces = targetPieces
    }

    package init(_ file: SafeTensorsFile) throws(ModelError) {
        source = try Self.tokens("source", file)
        target = file.contains("target.tokens.bytes") ? try Self.tokens("target", file) : nil
        let hasPieces = file.contains("source.pieces.model") || file.contains("target.pieces.model")
        sourcePieces = hasPieces ? try Self.pieces("source", file) : nil
        targetPieces = hasPieces ? try Self.pieces("target", file) : nil
        hub = file.contains(Name.plan) ? try Self.hub(file) : nil
    }

    package init(_ recipe: TokenizerRecipe) throws(ModelError) {
        func tokens(_ table: TokenTable) -> Tokens {
            Tokens(bytes: table.bytes, ends: table.ends, ids: table.ids, slots: table.slots)
        }
        source = tokens(recipe.source)
        target = recipe.target.map(tokens)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        do {
            let plan = Block(try encoder.encode(recipe.plan))
            hub = Hub(
                plan: plan, scores: recipe.scores, merges: recipe.merges, symbols: recipe.symbols.map(tokens),
                pieces: recipe.pieces, characterMap: recipe.characterMap)
        } catch {
            throw ModelError(.invalidValue, file: "", "the tokenizer cannot be described: \(error)")
        }
    }

    /// The recipe of a tokenizer of another family than Marian.
    ///
    /// - Parameters:
    ///   - source, target: The tables that were made of this value's tokens.
    ///   - file: For errors.
    package func recipe(source: TokenTable, target: TokenTable?, file: String) throws(ModelError) -> TokenizerRecipe? {
        guard let hub else { return nil }
        let symbols = hub.symbols.flatMap { symbols in
            TokenTable(
                bytes: symbols.bytes, ends: symbols.ends, ids: symbols.ids, slots: symbols.slots, size: Int(Int32.max))
        }
        guard (symbols == nil) == (hub.symbols == nil) else {
            throw ModelError(
                .malformedFile, file: file, tensor: Name.symbols, "the tables of its symbols contradict each other",
                remedy: PackedModel.remedy)
        }
        do {
            let plan = try JSONDecoder().decode(TokenizerPlan.self, from: Data(hub.plan.elements))
            var recipe = TokenizerRecipe(plan: plan, source: source)
            recipe.target = target
            recipe.scores = hub.scores
            recipe.merges = hub.merges
            recipe.symbols = symbols
            recipe.pieces = hub.pieces
            recipe.characterMap = hub.characterMap
            return recipe
        } catch {
            throw ModelError(
                .malformedFile, file: file, tensor: Name.plan, "its description of the tokenizer cannot be read",
                remedy: PackedModel.remedy)
        }
    }

    private enum Name {
        static let plan = "tokenizer.plan"
        static let scores = "tokenizer.scores"
        static let merges = "tokenizer.merges"
        static let symbols = "tokenizer.symbols"
        static let pieces = "tokenizer.pieces"
        static let characterMap = "tokenizer.character_map"
    }

    private static func hub(_ file: SafeTensorsFile) throws(ModelError) -> Hub {
        func block<Element: BlockElement>(_ name: String) throws(ModelError) -> Block<Element>? {
            file.contains(name) ? try file.block(name) : nil
        }
        return Hub(
            plan: try file.block(Name.plan), scores: try block(Name.scores), merges: try block(Name.merges),
            symbols: file.contains("\(Name.symbols).tokens.bytes") ? try tokens(Name.symbols, file) : nil,
            pieces: try block(Name.pieces), characterMap: try block(Name.characterMap))
    }

    package var tensors: [SafeTensorsWriter.Tensor] {
        func tensors(_ side: String, _ tokens: Tokens?) -> [SafeTensorsWriter.Tensor] {
            guard let tokens else { return [] }
            return [
                .init("\(side).tokens.bytes", tokens.bytes), .init("\(side).tokens.ends", tokens.ends),
                .init("\(side).tokens.ids", tokens.ids), .init("\(side).tokens.slots", tokens.slots),
            ]
        }
        func tensors(_ side: String, _ pieces: Pieces?) -> [SafeTensorsWriter.Tensor] {
            guard let pieces else { return [] }
            return [.init("\(side).pieces.model", pieces.model), .init("\(side).pieces.ids", pieces.ids)]
        }
        var hubTensors = tensors(Name.symbols, hub?.symbols)
        if let hub {
            hubTensors.append(.init(Name.plan, hub.plan))
            if let scores = hub.scores { hubTensors.append(.init(Name.scores, scores)) }
            if let merges = hub.merges { hubTensors.append(.init(Name.merges, merges)) }
            if let pieces = hub.pieces { hubTensors.append(.init(Name.pieces, pieces)) }
            if let map = hub.characterMap { hubTensors.append(.init(Name.characterMap, map)) }
        }
        return tensors("source", source) + tensors("target", target) + tensors("source", sourcePieces)
            + tensors("target", targetPieces) + hubTensors
    }

    private static func tokens(_ side: String, _ file: SafeTensorsFile) throws(ModelError) -> Tokens {
        let ids: Block<Int32> = try file.block("\(side).tokens.ids")
        return Tokens(
            bytes: try file.block("\(side).tokens.bytes"),
            ends: try file.block("\(side).tokens.ends", count: ids.count), ids: ids,
            slots: try file.block("\(side).tokens.slots"))
    }

    private static func pieces(_ side: String, _ file: SafeTensorsFile) throws(ModelError) -> Pieces {
        Pieces(model: try file.block("\(side).pieces.model"), ids: try file.block("\(side).pieces.ids"))
    }
}
