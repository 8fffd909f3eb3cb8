"""glTF and GLB, held to the specification (Khronos glTF 2.0)."""
