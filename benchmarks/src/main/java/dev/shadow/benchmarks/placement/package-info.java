/** What placing shadows costs. */
@NullMarked
package dev.shadow.benchmarks.placement;

import org.jspecify.annotations.NullMarked;
