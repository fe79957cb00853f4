@org.jspecify.annotations.NullMarked
package dev.shadow.sync.copy;
