/** The command that learns and judges the risk of failure. */
@NullMarked
package dev.shadow.examples.failure;

import org.jspecify.annotations.NullMarked;
