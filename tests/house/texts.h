#ifndef CORDON_TESTS_HOUSE_TEXTS_H_
#define CORDON_TESTS_HOUSE_TEXTS_H_

// What is written for people.

#include "tests/house/finding.h"
#include "tests/house/tree.h"

namespace cordon::house {

// Rule "link": a link of a Markdown file to a file, folder or heading that is
// not in the tree. Addresses on the network are not followed.
Findings CheckLinks(const Tree& tree);

// Rule "todo": a word for work left undone without the number of its issue.
Findings CheckTodos(const Tree& tree);

}  // namespace cordon::house

#endif  // CORDON_TESTS_HOUSE_TEXTS_H_
