/** What replication costs. */
@NullMarked
package dev.shadow.benchmarks.sync;

import org.jspecify.annotations.NullMarked;
