import DragomanEngine
@main struct Dragoman { static func main() {} }
