// mls_vectors DIR: verifies a folder of the MLS working group's test vectors.
// A line for each file; exit 0 if every case of every file holds, 1 if not, 2
// on wrong usage.

#include <iostream>

#include "crypto/mls/vectors/run.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: mls_vectors DIR\n";
    return 2;
  }
  return cordon::mls::vectors::RunFolder(argv[1], std::cout) ? 0 : 1;
}
