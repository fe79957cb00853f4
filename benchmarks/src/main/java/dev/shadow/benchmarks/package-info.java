/** JMH benchmarks, one class for each question. */
@NullMarked
package dev.shadow.benchmarks;

import org.jspecify.annotations.NullMarked;
