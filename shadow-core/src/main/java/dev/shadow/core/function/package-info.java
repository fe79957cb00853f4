/** Functions of the platform, run in this process. */
@NullMarked
package dev.shadow.core.function;

import org.jspecify.annotations.NullMarked;
