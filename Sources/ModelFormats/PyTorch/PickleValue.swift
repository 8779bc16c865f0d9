/// What a state dictionary's pickle is made of.
///
/// Containers are numbers of entries in the unpickler's lists, not trees: a pickle can nest them as deep as it is long,
/// and can put one into itself.
enum PickleValue: Equatable {
    case none
    case boolean(Bool)
    case integer(Int)
    case text(String)
    /// A value that no reader asks for: a float, bytes, an integer of more than 64 bits.
    case opaque
    case tuple(Int)
    case list(Int)
    case dictionary(Int)
    case callable(PickleCallable)
    case storage(TorchStorage)
    case tensor(TorchTensor)

    /// In a few words, for errors.
    var summary: String {
        switch self {
        case .none: "None"
        case .boolean(let boolean): boolean ? "True" : "False"
        case .integer(let integer): "\(integer)"
        case .text(let text): ModelError.quoted(text)
        case .opaque: "another value"
        case .tuple: "a tuple"
        case .list: "a list"
        case .dictionary: "a dictionary"
        case .callable: "a class or a function"
        case .storage: "a storage"
        case .tensor: "a tensor"
        }
    }
}

/// The classes and functions that a state dictionary names. Each is known here by what it would have made; no other is
/// looked up, and none is ever run.
enum PickleCallable: Equatable {
    case orderedDictionary
    /// `torch._utils._rebuild_tensor` and `_rebuild_tensor_v2`, whose first four arguments are the same.
    case rebuildTensor
    case rebuildParameter
    case size
    case storageType(TorchElement)

    /// - Parameter name: The module and the name in it, with a dot between them.
    init?(_ name: String) {
        switch name {
        case "collections.OrderedDict": self = .orderedDictionary
        case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2": self = .rebuildTensor
        case "torch._utils._rebuild_parameter": self = .rebuildParameter
        case "torch.Size": self = .size
        default:
            guard name.hasPrefix("torch."), let element = TorchElement(rawValue: String(name.dropFirst(6))) else {
                return nil
            }
            self = .storageType(element)
        }
    }
}
