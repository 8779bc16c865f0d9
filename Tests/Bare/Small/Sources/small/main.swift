import Foundation
import Libraries

print(String(format: "%d is %d", Int(vocabularySize()), 0))
