#!/bin/sh
# Builds llama.cpp's server and llama-cpp-python's into a folder, from the same source package of PyPI.
# Needs a C++ compiler and cmake; takes about a quarter of an hour on two cores.
#
#     sh tests/servers/build.sh FOLDER [PYTHON]
set -eu
folder=$1 python=${2:-python3} version=0.3.36
export CMAKE_BUILD_PARALLEL_LEVEL="${CMAKE_BUILD_PARALLEL_LEVEL:-2}" CMAKE_ARGS="-DGGML_NATIVE=OFF"
[ -x "$folder/bin/python" ] || "$python" -m venv "$folder"
"$folder/bin/python" -m pip install -q --disable-pip-version-check "llama-cpp-python[server]==$version" gguf==0.19.0
[ -x "$folder/bin/llama-server" ] && exit
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$folder/bin/python" -m pip download -q --disable-pip-version-check --no-deps --no-binary llama-cpp-python \
    --dest "$work" "llama-cpp-python==$version"
tar -xzf "$work"/llama_cpp_python-*.tar.gz -C "$work"
cmake -S "$work/llama_cpp_python-$version/vendor/llama.cpp" -B "$work/build" -DCMAKE_BUILD_TYPE=Release \
    -DGGML_NATIVE=OFF -DBUILD_SHARED_LIBS=OFF -DLLAMA_OPENSSL=OFF -DLLAMA_BUILD_TESTS=OFF \
    -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_UI=OFF -DLLAMA_USE_PREBUILT_UI=OFF > "$work/log"
cmake --build "$work/build" --target llama-server >> "$work/log"
cp "$work/build/bin/llama-server" "$folder/bin/"
