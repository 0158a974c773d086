# Passed to CMake as the toolchain file, the one setting that reaches a build inside of `cargo install`.
if(CMAKE_VERSION VERSION_GREATER_EQUAL 3.19)
  set(CMAKE_PROJECT_WiredTiger_INCLUDE "${CMAKE_CURRENT_LIST_DIR}/wiredtiger-header.cmake")
endif()
