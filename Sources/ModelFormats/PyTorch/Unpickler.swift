/// Reads what a pickle would have built, and runs nothing.
///
/// A pickle is a program for a stack machine (Python's `pickletools.py` lists its instructions) whose `REDUCE` calls any
/// function by name, so that Python's own reader does whatever a file from a stranger says. This one knows the
/// instructions that `torch.save` of a state dictionary writes (protocols 2 to 4), replaces the few functions that it names
/// by what they would have made (`PickleCallable`), and refuses every other by its name.
struct Unpickler {
    /// More instructions than the largest model's dictionary has, by far.
    static let instructionsMax = 1 << 24

    private(set) var tuples: [[PickleValue]] = []
    private(set) var lists: [[PickleValue]] = []
    /// In the order of insertion; a key may come twice, and the last counts.
    private(set) var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
    /// Of every storage that was named, by its key.
    private(set) var storageElements: [String: TorchElement] = [:]

    private var cursor: ByteCursor
    private var stack: [PickleValue] = []
    /// Where `MARK` was said, as heights of the stack.
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]

    init(_ cursor: ByteCursor) { self.cursor = cursor }

    /// Where the next pickle begins, after `read`.
    var end: ByteCursor { cursor }

    /// Reads one pickle up to its `STOP`, and returns what it leaves on the stack.
    mutating func read() throws(ModelError) -> PickleValue {
        (stack, marks, memo) = ([], [], [:])
        for _ in 0..<Self.instructionsMax {
            let start = cursor.position
            let code = try cursor.byte()
            guard let instruction = Instruction(rawValue: code) else {
                throw cursor.failure(
                    "a pickle's instruction 0x\(String(code, radix: 16)) is not one of a state dictionary's", at: start)
            }
            if instruction == .stop { return try pop() }
            try perform(instruction)
        }
        throw cursor.failure("a pickle of more than \(Self.instructionsMax) instructions")
    }

    /// The opcodes of `pickletools.py` that state dictionaries have.
    private enum Instruction: UInt8 {
        case proto = 0x80, frame = 0x95, stop = 0x2E
        case mark = 0x28
        case none = 0x4E, newTrue = 0x88, newFalse = 0x89
        case binInt = 0x4A, binInt1 = 0x4B, binInt2 = 0x4D, long1 = 0x8A, binFloat = 0x47
        case binUnicode = 0x58, shortBinUnicode = 0x8C, binString = 0x54, shortBinString = 0x55
        case binBytes = 0x42, shortBinBytes = 0x43
        case emptyDictionary = 0x7D, setItem = 0x73, setItems = 0x75
        case emptyList = 0x5D, append = 0x61, appends = 0x65
        case emptyTuple = 0x29, tuple = 0x74, tuple1 = 0x85, tuple2 = 0x86, tuple3 = 0x87
        case binPut = 0x71, longBinPut = 0x72, memoize = 0x94, binGet = 0x68, longBinGet = 0x6A
        case global = 0x63, stackGlobal = 0x93, reduce = 0x52, build = 0x62, persistent = 0x51
    }

    private mutating func perform(_ instruction: Instruction) throws(ModelError) {
        switch instruction {
        case .proto:
            let version = try cursor.byte()
            guard (2...4).contains(version) else {
                throw cursor.failure("a pickle of protocol \(version), where torch.save writes 2 to 4")
            }
        case .frame: _ = try cursor.integer(UInt64.self)
        case .stop: break
        case .mark: marks.append(stack.count)
        case .none: stack.append(.none)
        case .newTrue: stack.append(.boolean(true))
        case .newFalse: stack.append(.boolean(false))
        case .binInt, .binInt1, .binInt2, .long1, .binFloat: stack.append(try number(instruction))
        case .binUnicode, .shortBinUnicode, .binString, .shortBinString, .binBytes, .shortBinBytes:
            stack.append(try text(instruction))
        case .emptyDictionary: stack.append(newDictionary())
        case .setItem:
            let value = try pop()
            try set([try pop(), value])
        case .setItems: try set(try popToMark())
        case .emptyList:
            lists.append([])
            stack.append(.list(lists.count - 1))
        case .append: try append([try pop()])
        case .appends: try append(try popToMark())
        case .emptyTuple: pushTuple([])
        case .tuple: pushTuple(try popToMark())
        case .tuple1: try pushTuple(of: 1)
        case .tuple2: try pushTuple(of: 2)
        case .tuple3: try pushTuple(of: 3)
        case .binPut: memo[Int(try cursor.byte())] = try top()
        case .longBinPut: memo[Int(try cursor.integer(UInt32.self))] = try top()
        case .memoize: memo[memo.count] = try top()
        case .binGet: stack.append(try remembered(Int(try cursor.byte())))
        case .longBinGet: stack.append(try remembered(Int(try cursor.integer(UInt32.self))))
        case .global:
            let module = try cursor.line(of: 255)
            stack.append(try callable("\(module).\(try cursor.line(of: 255))"))
        case .stackGlobal:
            guard case .text(let name) = try pop(), case .text(let module) = try pop() else {
                throw cursor.failure("a function's name is not a text")
            }
            stack.append(try callable("\(module).\(name)"))
        case .reduce: try reduce()
        case .build:
            // What is set is an object's attributes: `_metadata`, of which nothing is needed.
            _ = try pop()
            guard case .dictionary = try top() else {
                throw cursor.failure("attributes are set of \(try top().summary)")
            }
        case .persistent: stack.append(.storage(try storage(of: try pop())))
        }
    }
}

// MARK: - Values

extension Unpickler {
    private mutating func number(_ instruction: Instruction) throws(ModelError) -> PickleValue {
        switch instruction {
        case .binInt: return .integer(Int(try cursor.integer(Int32.self)))
        case .binInt1: return .integer(Int(try cursor.byte()))
        case .binInt2: return .integer(Int(try cursor.integer(UInt16.self)))
        case .long1:
            let range = try cursor.range(of: Int(try cursor.byte()))
            guard range.count <= 8 else { return .opaque }
            // Two's complement, little-endian, in as many bytes as it needs.
            let negative = cursor.bytes[range].last.map { $0 >= 0x80 } ?? false
            return .integer(cursor.bytes[range].reversed().reduce(negative ? -1 : 0) { $0 << 8 | Int($1) })
        default:
            _ = try cursor.range(of: 8)
            return .opaque
        }
    }

    private mutating func text(_ instruction: Instruction) throws(ModelError) -> PickleValue {
        switch instruction {
        case .binUnicode: return .text(try cursor.text(of: Int(try cursor.integer(UInt32.self))))
        case .shortBinUnicode: return .text(try cursor.text(of: Int(try cursor.byte())))
        // Python 2's strings, in files that it saved.
        case .binString: return .text(try cursor.text(of: Int(try cursor.integer(UInt32.self))))
        case .shortBinString: return .text(try cursor.text(of: Int(try cursor.byte())))
        case .binBytes: _ = try cursor.range(of: Int(try cursor.integer(UInt32.self)))
        default: _ = try cursor.range(of: Int(try cursor.byte()))
        }
        return .opaque
    }

    private mutating func newDictionary() -> PickleValue {
        dictionaries.append([])
        return .dictionary(dictionaries.count - 1)
    }

    private mutating func pushTuple(_ values: [PickleValue]) {
        tuples.append(values)
        stack.append(.tuple(tuples.count - 1))
    }

    private mutating func pushTuple(of count: Int) throws(ModelError) {
        var values: [PickleValue] = []
        for _ in 0..<count { values.append(try pop()) }
        pushTuple(values.reversed())
    }

    /// - Parameter items: Keys and values by turns.
    private mutating func set(_ items: [PickleValue]) throws(ModelError) {
        guard case .dictionary(let number) = try top(), items.count.isMultiple(of: 2) else {
            throw cursor.failure("items are set of \(try top().summary)")
        }
        for index in stride(from: 0, to: items.count, by: 2) {
            dictionaries[number].append((items[index], items[index + 1]))
        }
    }

    private mutating func append(_ items: [PickleValue]) throws(ModelError) {
        guard case .list(let number) = try top() else {
            throw cursor.failure("items are appended to \(try top().summary)")
        }
        lists[number] += items
    }

    private func remembered(_ number: Int) throws(ModelError) -> PickleValue {
        guard let value = memo[number] else { throw cursor.failure("the pickle remembers no value \(number)") }
        return value
    }

    private func top() throws(ModelError) -> PickleValue {
        guard let value = stack.last, stack.count > marks.last ?? 0 else { throw cursor.failure("the stack is empty") }
        return value
    }

    private mutating func pop() throws(ModelError) -> PickleValue {
        let value = try top()
        stack.removeLast()
        return value
    }

    private mutating func popToMark() throws(ModelError) -> [PickleValue] {
        guard let mark = marks.popLast() else { throw cursor.failure("there is no mark on the stack") }
        defer { stack.removeSubrange(mark...) }
        return Array(stack[mark...])
    }
}

// MARK: - What functions would have made

extension Unpickler {
    private func callable(_ name: String) throws(ModelError) -> PickleValue {
        guard let callable = PickleCallable(name) else {
            throw ModelError(
                .unsupported, file: cursor.file,
                "it asks for \(ModelError.quoted(name)), which a dictionary of weights does not need; nothing was run",
                remedy: "if you trust the file, save the model's state_dict() alone, or as safetensors")
        }
        return .callable(callable)
    }

    private mutating func reduce() throws(ModelError) {
        let arguments = try elements(of: try pop(), "arguments")
        guard case .callable(let callable) = try pop() else { throw cursor.failure("what is called is no function") }
        switch callable {
        case .orderedDictionary: stack.append(newDictionary())
        case .size:
            guard let extents = arguments.first else { throw cursor.failure("a size is made of nothing") }
            pushTuple(try elements(of: extents, "a size"))
        case .rebuildParameter:
            guard case .tensor? = arguments.first else { throw cursor.failure("a parameter is made of no tensor") }
            stack.append(arguments[0])
        case .rebuildTensor: stack.append(.tensor(try tensor(arguments)))
        case .storageType: throw cursor.failure("a storage is made in the pickle, where it should lie beside it")
        }
    }

    private func tensor(_ arguments: [PickleValue]) throws(ModelError) -> TorchTensor {
        guard arguments.count >= 4, case .storage(let storage) = arguments[0], case .integer(let offset) = arguments[1]
        else { throw cursor.failure("a tensor's arguments are not a storage, an offset, a size and strides") }
        let shape = try extents(arguments[2])
        let strides = try extents(arguments[3])
        guard offset >= 0, shape.count == strides.count else { throw cursor.failure("a tensor's size is malformed") }
        return TorchTensor(storage: storage, offset: offset, shape: shape, strides: strides)
    }

    /// `("storage", storage type, key, location, count)`, and in the older format a view: `None`, or
    /// `(key, offset, count)` of a storage that is a part of this one.
    private mutating func storage(of value: PickleValue) throws(ModelError) -> TorchStorage {
        let parts = try elements(of: value, "a storage's name")
        guard parts.count >= 5, parts[0] == .text("storage"), case .callable(.storageType(let element)) = parts[1],
            case .text(let key) = parts[2], case .integer(let count) = parts[4], count >= 0
        else { throw cursor.failure("a storage is not named as torch.save names it") }
        guard storageElements[key, default: element] == element else {
            throw cursor.failure("the storage \(ModelError.quoted(key)) is of two formats")
        }
        storageElements[key] = element
        var storage = TorchStorage(key: key, element: element, count: count)
        if parts.count > 5, parts[5] != .none {
            let view = try elements(of: parts[5], "a view of a storage")
            guard view.count == 3, case .integer(let start) = view[1], case .integer(let viewCount) = view[2],
                start >= 0,
                viewCount >= 0, start <= count, viewCount <= count - start
            else { throw cursor.failure("a view of a storage is malformed") }
            storage.start = start
            storage.count = viewCount
        }
        return storage
    }

    private func extents(_ value: PickleValue) throws(ModelError) -> [Int] {
        var extents: [Int] = []
        for element in try elements(of: value, "a tensor's size") {
            guard case .integer(let extent) = element, extent >= 0, extents.count < SafeTensorsHeader.rankMax else {
                throw cursor.failure("a tensor's size is malformed")
            }
            extents.append(extent)
        }
        return extents
    }

    private func elements(of value: PickleValue, _ what: String) throws(ModelError) -> [PickleValue] {
        guard case .tuple(let number) = value else {
            throw cursor.failure("\(what) should be a tuple, and is \(value.summary)")
        }
        return tuples[number]
    }
}
