/** Property tests as plain JUnit tests: seeded, repeatable, and named after their seed. */
@NullMarked
package dev.shadow.tck.property;

import org.jspecify.annotations.NullMarked;
